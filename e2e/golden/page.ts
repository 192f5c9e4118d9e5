import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { type BackendInfo, openBackend } from '../../src/engine/backend.ts';
import { type Comparison, compare, type GoldenCase } from '../../src/engine/golden/cases.ts';

declare global {
  interface Window {
    openWebGpu: () => Promise<BackendInfo>;
    compareGolden: (golden: GoldenCase) => Promise<Comparison[]>;
  }
}

window.openWebGpu = () =>
  openBackend('webgpu', {
    readWasm: () => Promise.reject(new Error('WASM is not asked for.')),
    startThread: null,
  });
window.compareGolden = async (golden) => {
  tf.engine().startScope();
  const comparisons = await compare(golden);
  tf.engine().endScope();
  return comparisons;
};
