import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Cross-origin isolation: WASM threads and exact clocks. Static hosts that cannot send these still work. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: {
    alias: [
      // The umbrella package brings layers, converter, data and WebGL along; the studio uses the core and its gradients.
      { find: /^@tensorflow\/tfjs$/, replacement: fileURLToPath(new URL('./src/engine/tfjs.ts', import.meta.url)) },
    ],
  },
  worker: { format: 'es' },
  // The training worker holds tfjs, the WebGPU backend is a chunk of its own: both are large, and neither is split any further.
  build: { target: 'es2023', chunkSizeWarningLimit: 900 },
  server: { headers },
  preview: { headers, host: '127.0.0.1', port: 4173 },
});
