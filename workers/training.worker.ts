import tfjs from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { expose } from 'comlink';
import relaxed from '../src/engine/kernels/assembly/build/relaxed.wasm?url';
import relaxedShared from '../src/engine/kernels/assembly/build/relaxed-shared.wasm?url';
import simd from '../src/engine/kernels/assembly/build/simd.wasm?url';
import simdShared from '../src/engine/kernels/assembly/build/simd-shared.wasm?url';
import type { StartThread } from '../src/engine/kernels/threads.ts';
import { trainingService } from '../src/services/trainingService.ts';
import { StudioDatabase } from '../src/storage/database.ts';

const WASM = { tfjs, relaxed, simd, 'relaxed-shared': relaxedShared, 'simd-shared': simdShared };

const startThread: StartThread = (ready, failed) => {
  const worker = new Worker(new URL('../src/engine/kernels/thread.mjs', import.meta.url), { type: 'module', name: 'kernels' });
  worker.onmessage = ready;
  worker.onerror = ({ message }) => failed(message);
  return worker;
};

expose(
  trainingService({
    database: new StudioDatabase(),
    readWasm: async (name) => {
      const response = await fetch(WASM[name]);
      if (!response.ok) throw new Error(`${response.url} could not be loaded: ${response.status} ${response.statusText}.`);
      return response.arrayBuffer();
    },
    // Hosts that cannot send the headers of cross-origin isolation get one thread.
    startThread: crossOriginIsolated && navigator.hardwareConcurrency > 1 ? startThread : null,
    locks: navigator.locks,
  }),
);
