/** The chain of this project's modules, checked and written. Arguments: how many services, and where to. */
import { App } from "cdktf";
import { checkFindings } from "../../modules/core/framework/findings";
import { Chain } from "./chain";

const [, , count, outdir] = process.argv;
const app = new App({ outdir });
new Chain(app, Number(count));
checkFindings(app);
app.synth();
