// What a built studio loads before anything trains: the page, what it preloads, and the worker that makes the demo dataset.
import { readdirSync, readFileSync } from 'node:fs';

/** Loaded by the first page, though index.html does not name them: a worker, and what registers the service worker. */
const BESIDES = [/^import\.worker-.*\.js$/, /^workbox-window\..*\.js$/];

/**
 * Files of the first load, as addresses below the build's folder.
 *
 * @param {string} folder the build
 * @returns {string[]}
 */
export function firstLoad(folder) {
  const html = readFileSync(`${folder}/index.html`, 'utf8');
  const named = [...html.matchAll(/<(?:script|link)\s[^>]*(?:src|href)="\.\/([^"]+\.(?:js|css|svg))"/g)].map(([, path]) => path);
  const assets = readdirSync(`${folder}/assets`);
  const besides = BESIDES.map((pattern) => {
    const found = assets.filter((name) => pattern.test(name));
    if (found.length !== 1) throw new Error(`${folder}/assets has ${found.length} files like ${pattern}, not 1.`);
    return `assets/${found[0]}`;
  });
  return ['index.html', ...named, ...besides];
}
