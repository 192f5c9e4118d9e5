// What the browser build takes for '@tensorflow/tfjs' (vite.config.ts): the core and its gradients, without layers,
// converter, data and WebGL. The core comes first: it registers the flags that the gradients' modules ask for.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';

export * from '@tensorflow/tfjs-core';
