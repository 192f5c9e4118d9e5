import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import studio from '../../vite.config.ts';

/** The page that takes the benchmark's steps in a browser: the studio's own engine and aliases, another root. */
export default mergeConfig(studio, {
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: { outDir: fileURLToPath(new URL('../../test-results/bench-page', import.meta.url)), emptyOutDir: true },
});
