import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build, type PreviewServer, preview, resolveConfig } from 'vite';
import { LAUNCH } from '../e2e/chromium.ts';
import { JAX } from './node.ts';
import { leaveOut, type Place, type PlaceOptions } from './place.ts';

const configFile = fileURLToPath(new URL('page/vite.config.ts', import.meta.url));

/** WASM and WebGPU in a real Chromium: what users have. */
export async function* inChromium(options: PlaceOptions): AsyncGenerator<Place> {
  const browser = await chromium.launch(LAUNCH).catch((error) => leaveOut('Chromium', error));
  if (!browser) return;
  let server: PreviewServer | null = null;
  try {
    await build({ configFile, logLevel: 'error' });
    const jax = options.implementations.includes('jax-js') ? await copyJax() : null;
    // Any free port.
    server = await preview({ configFile, logLevel: 'error', preview: { port: 0 } });
    const [url] = server.resolvedUrls?.local ?? [];
    for (const backend of ['wasm', 'webgpu'] as const) {
      const page = await browser.newPage();
      await page.goto(url);
      await page.waitForFunction(() => 'steps' in window);
      const place = await placeOf(page, browser, backend, options.threads).catch((error) =>
        leaveOut(`Chromium’s ${backend}`, error),
      );
      if (place) {
        if (jax !== null) await openJax(page, backend, options.threads, new URL(jax, url).href);
        yield place;
      }
      await page.close();
    }
  } finally {
    await browser.close();
    await server?.close();
  }
}

/** Puts jax-js beside the built page; its path there. The module is whole: it needs no bundler. */
async function copyJax(): Promise<string | null> {
  try {
    const from = dirname(createRequire(import.meta.url).resolve(JAX));
    const { root, build } = await resolveConfig({ configFile }, 'build');
    cpSync(from, resolve(root, build.outDir, 'jax-js'), { recursive: true });
    return 'jax-js/index.js';
  } catch (error) {
    leaveOut('jax-js', error);
    return null;
  }
}

async function openJax(page: Page, backend: 'wasm' | 'webgpu', threads: 1 | 2, url: string): Promise<void> {
  const asked = { backend, threads, url };
  await page
    .evaluate((a) => window.steps.openJax(a.backend, a.threads, a.url), asked)
    .catch((error) => leaveOut('jax-js', error));
}

async function placeOf(page: Page, browser: Browser, backend: 'wasm' | 'webgpu', threads: 1 | 2): Promise<Place> {
  const asked = { backend, threads };
  const { adapter, software, variant } = await page.evaluate((a) => window.steps.open(a.backend, a.threads), asked);
  return {
    backend: `chromium ${backend}, ${adapter}`,
    software,
    about: [`Chromium ${browser.version()}`, `variant ${variant}`],
    runner: async (implementation, { size, task }) => {
      if (implementation === 'pytorch') return null;
      const wanted = { implementation, size, task };
      const runner = await page.evaluate((w) => window.steps.begin(w.implementation, w.size, w.task), wanted);
      if (runner === null) return null;
      return {
        step: () => page.evaluate((n) => window.steps.step(n), runner),
        dispose: () => page.evaluate((n) => window.steps.end(n), runner),
      };
    },
  };
}
