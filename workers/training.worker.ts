import { expose } from 'comlink';
import type { StartThread } from '../src/engine/kernels/threads.ts';
import { trainingService } from '../src/services/trainingService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { openOpfs } from '../src/storage/opfs.ts';
import { rowFiles } from '../src/storage/rowFiles.ts';
import { readWasm } from './readWasm.ts';

const startThread: StartThread = (ready, failed) => {
  const worker = new Worker(new URL('../src/engine/kernels/thread.mjs', import.meta.url), { type: 'module', name: 'kernels' });
  worker.onmessage = ready;
  worker.onerror = ({ message }) => failed(message);
  return worker;
};

const database = new StudioDatabase();

expose(
  trainingService({
    database,
    files: openOpfs().then((files) => files ?? rowFiles(database)),
    readWasm,
    // Hosts that cannot send the headers of cross-origin isolation get one thread.
    startThread: crossOriginIsolated && navigator.hardwareConcurrency > 1 ? startThread : null,
    locks: navigator.locks,
  }),
);
