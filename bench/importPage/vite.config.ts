import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import studio from '../../vite.config.ts';

/** The page that asks the studio's own services what the pages do not show; it is served beside the studio, and shares its storage. */
export default mergeConfig(studio, { root: fileURLToPath(new URL('.', import.meta.url)) });
