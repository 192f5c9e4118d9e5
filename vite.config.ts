import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Cross-origin isolation: WASM threads and exact clocks. Static hosts that cannot send these still work. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** KaTeX brings each font in three formats; every browser that runs the studio reads the first. */
const woff2Only: Plugin = {
  name: 'woff2-only',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('katex.min.css') ? code.replaceAll(/,url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)/g, '') : undefined,
};

export default defineConfig({
  base: './',
  plugins: [react(), woff2Only],
  resolve: {
    alias: [
      // The umbrella package brings layers, converter, data and WebGL along; the studio uses the core and its gradients.
      { find: /^@tensorflow\/tfjs$/, replacement: fileURLToPath(new URL('./src/engine/tfjs.ts', import.meta.url)) },
    ],
  },
  worker: { format: 'es' },
  // The training worker holds tfjs, the WebGPU backend is a chunk of its own: both are large, and neither is split any further.
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 900,
    // The policy of index.html allows no fonts inside a style sheet.
    assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined),
  },
  server: { headers },
  preview: { headers, host: '127.0.0.1', port: 4173 },
});
