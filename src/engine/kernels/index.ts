import { operations as adam } from './adam/index.ts';
import { operations as block, normOperations, stepOperations } from './block/index.ts';
import { operations as crossEntropy } from './crossEntropy/index.ts';
import { operations as embedding } from './embedding/index.ts';

export { BACKENDS, type BackendName } from './operation.ts';

import { register } from './operation.ts';

let registered = false;

/** Makes the engine's own operations known to tfjs, for all backends. Calling it again does nothing. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  for (const operation of adam) register(operation);
  for (const operation of block) register(operation);
  for (const operation of stepOperations) register(operation);
  for (const operation of normOperations) register(operation);
  for (const operation of crossEntropy) register(operation);
  for (const operation of embedding) register(operation);
}
