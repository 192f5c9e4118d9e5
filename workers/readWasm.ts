import tfjs from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { WasmName } from '../src/engine/backend.ts';
import relaxed from '../src/engine/kernels/assembly/build/relaxed.wasm?url';
import relaxedShared from '../src/engine/kernels/assembly/build/relaxed-shared.wasm?url';
import simd from '../src/engine/kernels/assembly/build/simd.wasm?url';
import simdShared from '../src/engine/kernels/assembly/build/simd-shared.wasm?url';

const ADDRESSES: Record<WasmName, string> = {
  tfjs,
  relaxed,
  simd,
  'relaxed-shared': relaxedShared,
  'simd-shared': simdShared,
};

/** Fetches WebAssembly of the built studio. */
export async function readWasm(name: WasmName): Promise<ArrayBuffer> {
  const response = await fetch(ADDRESSES[name]);
  if (!response.ok) throw new Error(`${response.url} could not be loaded: ${response.status} ${response.statusText}.`);
  return response.arrayBuffer();
}
