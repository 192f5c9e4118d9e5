// What the browser build takes for '@tensorflow/tfjs' (vite.config.ts): the core, its gradients and the cpu kernels that
// the wasm backend falls back on, without layers, converter, data and WebGL.
import '@tensorflow/tfjs-core/dist/register_all_gradients';

export * from '@tensorflow/tfjs-core';
