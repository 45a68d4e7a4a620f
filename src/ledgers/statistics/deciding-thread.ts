import { parentPort, workerData } from 'node:worker_threads';
import { decideFigures, type Undecided } from './statistics.deciding.js';

parentPort?.postMessage(decideFigures(workerData as Undecided), []);
