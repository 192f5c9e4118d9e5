import { type Browser, expect, type Page } from '@playwright/test';
import { GOLDEN_URL } from './addresses.ts';

/** A page with the engine alone, on WebGPU. */
export async function openEngine(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${GOLDEN_URL}/index.html`);
  await page.waitForFunction(() => 'engine' in window);
  expect(await page.evaluate(() => window.engine.open())).toMatchObject({ name: 'webgpu' });
  return page;
}
