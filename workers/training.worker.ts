import scalar from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { expose } from 'comlink';
import relaxedKernels from '../src/engine/kernels/assembly/build/relaxed.wasm?url';
import simdKernels from '../src/engine/kernels/assembly/build/simd.wasm?url';
import { trainingService } from '../src/services/trainingService.ts';
import { StudioDatabase } from '../src/storage/database.ts';

expose(
  trainingService({
    database: new StudioDatabase(),
    wasmPaths: {
      'tfjs-backend-wasm.wasm': scalar,
      'tfjs-backend-wasm-simd.wasm': simd,
      // tfjs insists on a path for it, but threads are off (engine/backend.ts): it is never loaded.
      'tfjs-backend-wasm-threaded-simd.wasm': simd,
    },
    kernels: async (variant) => (await fetch(variant === 'relaxed' ? relaxedKernels : simdKernels)).arrayBuffer(),
    locks: navigator.locks,
  }),
);
