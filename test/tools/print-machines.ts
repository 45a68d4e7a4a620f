import { MACHINES, stateDiagram } from './state-diagram.js';

for (const [record, steps] of Object.entries(MACHINES)) process.stdout.write(`%% ${record}\n${stateDiagram(steps)}\n`);
