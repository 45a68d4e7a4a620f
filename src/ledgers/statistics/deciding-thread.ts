import { parentPort } from 'node:worker_threads';
import { decideFigures, type Undecided } from './statistics.deciding.js';

parentPort?.on('message', (undecided: Undecided) => parentPort?.postMessage(decideFigures(undecided), []));
