import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type BackendChoice, type BackendInfo, openBackend } from './backend.ts';
import type { SimdVariant } from './kernels/heap.ts';

/** Reads the engine's own kernels from the file system. */
export async function readKernels(variant: SimdVariant): Promise<ArrayBuffer> {
  // Node 20 has relaxed SIMD, but refuses such a module until it is told to.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const { buffer } = new Uint8Array(
    await readFile(fileURLToPath(new URL(`kernels/assembly/build/${variant}.wasm`, import.meta.url))),
  );
  return buffer;
}

/** Opens a backend in Node, where tfjs's .wasm files lie beside its package. */
export function openNodeBackend(choice: BackendChoice): Promise<BackendInfo> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return openBackend(choice, { wasmPaths: join(dirname(main), '/'), kernels: readKernels });
}
