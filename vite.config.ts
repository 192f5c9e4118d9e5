import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Cross-origin isolation: WASM threads and exact clocks. Static hosts that cannot send these still work. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The page's own policy for its workers, too, which only know what the host sends. In development Vite needs more. */
const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(readFileSync('index.html', 'utf8'))?.[1] ?? '';

/** KaTeX brings each font in three formats; every browser that runs the studio reads the first. */
const woff2Only: Plugin = {
  name: 'woff2-only',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('katex.min.css') ? code.replaceAll(/,url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)/g, '') : undefined,
};

/**
 * A service worker that keeps every file of the build, with the headers that the host sent: after the first visit nothing is asked of
 * the network. A new build waits until the user takes it (`src/state/update.ts`, which registers the worker).
 */
const offline = VitePWA({
  registerType: 'prompt',
  injectRegister: null,
  manifest: {
    name: 'UAF Studio',
    short_name: 'UAF Studio',
    description: 'See personalised transfer learning happen, on your own device.',
    start_url: './',
    scope: './',
    display: 'standalone',
    theme_color: '#1c1d3a',
    background_color: '#1c1d3a',
    icons: [
      { src: './icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: './icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: './icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: './icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ],
  },
  workbox: {
    globPatterns: ['**/*.{html,js,mjs,css,wasm,woff2,svg,png}'],
    // The largest chunk is a worker with the whole engine in it; what is left out here would be missing without a network.
    maximumFileSizeToCacheInBytes: 8 * 2 ** 20,
    // The page of the first visit is served by it as soon as all is kept, not only after a reload.
    clientsClaim: true,
    cleanupOutdatedCaches: true,
    inlineWorkboxRuntime: true,
  },
});

export default defineConfig({
  base: './',
  plugins: [react(), woff2Only, offline],
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
  preview: { headers: { ...headers, 'Content-Security-Policy': policy }, host: '127.0.0.1', port: 4173 },
});
