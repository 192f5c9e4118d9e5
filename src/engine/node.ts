import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type BackendChoice, type BackendInfo, openBackend, type WasmName } from './backend.ts';
import type { StartThread } from './kernels/threads.ts';

/** Reads WebAssembly from the file system. */
export async function readWasm(name: WasmName): Promise<ArrayBuffer> {
  // Node 20 has relaxed SIMD, but refuses such a module until it is told to.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const path =
    name === 'tfjs'
      ? createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm')
      : fileURLToPath(new URL(`kernels/assembly/build/${name}.wasm`, import.meta.url));
  return new Uint8Array(await readFile(path)).buffer;
}

const startThread: StartThread = (ready, failed) => {
  const worker = new Worker(new URL('kernels/thread.mjs', import.meta.url));
  worker.once('message', () => {
    // From here on it waits for work, and the process need not wait for it.
    worker.unref();
    ready();
  });
  worker.once('error', (error) => failed(String(error)));
  return worker;
};

/** Opens a backend in Node. */
export const openNodeBackend = (choice: BackendChoice, threads: 1 | 2 = 1): Promise<BackendInfo> =>
  openBackend(choice, { readWasm, startThread: threads === 1 ? null : startThread });
