import { printMachines } from './state-diagram.js';

/** Prints the section of README between `<!-- machines -->` and `<!-- /machines -->`: `node dist/test/tools/print-machines.js`. */
process.stdout.write(printMachines());
