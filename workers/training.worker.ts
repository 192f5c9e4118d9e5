import type { StartThread } from '../src/engine/kernels/threads.ts';
import { trainingService } from '../src/services/trainingService.ts';
import { StudioDatabase } from '../src/storage/database.ts';
import { readWasm } from './readWasm.ts';
import { serve } from './serve.ts';

const startThread: StartThread = (ready, failed) => {
  const worker = new Worker(new URL('../src/engine/kernels/thread.mjs', import.meta.url), { type: 'module', name: 'kernels' });
  worker.onmessage = ready;
  worker.onerror = ({ message }) => failed(message);
  return worker;
};

serve(
  trainingService({
    database: new StudioDatabase(),
    readWasm,
    // Hosts that cannot send the headers of cross-origin isolation get one thread.
    startThread: crossOriginIsolated && navigator.hardwareConcurrency > 1 ? startThread : null,
    locks: navigator.locks,
    platform: navigator.userAgent,
  }),
);
