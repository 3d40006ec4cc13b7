// A kept provider in a process of its own, which a test kills, or whoever it says has started it:
//   TEST_RUN_BY=PID node --import tsx keep-until-killed.ts
import { KeptProvider } from "./kept-provider";

void KeptProvider.start({}).then(({ pids }) => process.stdout.write(`${pids.join()}\n`));
