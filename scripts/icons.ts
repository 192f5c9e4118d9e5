/** Draws the icons of the installed studio from public/icon.svg; they are checked in. `npm run icons` */
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { LAUNCH } from '../e2e/chromium.ts';

/** The colour of the icon's own ground, which a mask may cut into any shape. */
const GROUND = '#1c1d3a';
/** A mask keeps at least a circle of four fifths of the width; what is drawn stays within it. */
const WITHIN_MASK = 0.78;

const ICONS = [
  { file: 'icon-192.png', size: 192, maskable: false },
  { file: 'icon-512.png', size: 512, maskable: false },
  { file: 'maskable-512.png', size: 512, maskable: true },
  { file: 'apple-touch-180.png', size: 180, maskable: true },
];

const svg = readFileSync('public/icon.svg', 'utf8');
const browser = await chromium.launch(LAUNCH);
try {
  const page = await browser.newPage();
  for (const { file, size, maskable } of ICONS) {
    await page.setViewportSize({ width: size, height: size });
    const width = maskable ? size * WITHIN_MASK : size;
    await page.setContent(
      `<style>body{margin:0;height:100vh;display:grid;place-items:center;background:${maskable ? GROUND : 'transparent'}}svg{display:block;width:${width}px;height:${width}px}</style>${svg}`,
    );
    await page.screenshot({ path: `public/icons/${file}`, omitBackground: true });
    console.log(`public/icons/${file}`);
  }
} finally {
  await browser.close();
}
