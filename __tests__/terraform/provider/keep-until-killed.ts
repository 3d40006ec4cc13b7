// A kept provider in a process of its own, which a test kills: node --import tsx keep-until-killed.ts
import { KeptProvider } from "./kept-provider";

void KeptProvider.start({}).then(({ pids }) => process.stdout.write(`${pids.join()}\n`));
