import { operations as adam, rowOperations as adamRows, replayOperations } from './adam/index.ts';
import { operations as block, convolutionOperations, gatedOperations, gateOperations, normOperations } from './block/index.ts';
import { operations as crossEntropy, sampledOperations } from './crossEntropy/index.ts';
import { operations as embedding, rowOperations } from './embedding/index.ts';
import { operations as matmul } from './matmul.ts';
import { register, type Which } from './operation.ts';
import { operations as pairwise } from './pairwise/index.ts';
import { operations as rank } from './rank/index.ts';

export { BACKENDS, type BackendName } from './operation.ts';

let registered: Which | null = null;

/** Makes the engine's own operations known to tfjs: on each backend the best implementation, or everywhere the reference. */
export function registerKernels(which: Which = 'best'): void {
  if (registered === which) return;
  registered = which;
  // Operations differ in their attributes: a list of all would have no type.
  for (const operation of adam) register(operation, which);
  for (const operation of adamRows) register(operation, which);
  for (const operation of replayOperations) register(operation, which);
  for (const operation of convolutionOperations) register(operation, which);
  for (const operation of block) register(operation, which);
  for (const operation of gateOperations) register(operation, which);
  for (const operation of gatedOperations) register(operation, which);
  for (const operation of normOperations) register(operation, which);
  for (const operation of crossEntropy) register(operation, which);
  for (const operation of sampledOperations) register(operation, which);
  for (const operation of embedding) register(operation, which);
  for (const operation of rowOperations) register(operation, which);
  for (const operation of matmul) register(operation, which);
  for (const operation of pairwise) register(operation, which);
  for (const operation of rank) register(operation, which);
}
