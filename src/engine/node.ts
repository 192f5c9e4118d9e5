import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type BackendChoice, type BackendInfo, openBackend } from './backend.ts';

/** Opens a backend in Node, where tfjs's .wasm files lie beside its package. */
export function openNodeBackend(choice: BackendChoice): Promise<BackendInfo> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return openBackend(choice, { wasmPaths: join(dirname(main), '/') });
}
