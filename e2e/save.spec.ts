import { readFile } from 'node:fs/promises';
import { expect, openStudio, test } from './studio.ts';

test('a figure is saved as SVG, PNG and CSV', async ({ page }) => {
  await openStudio(page);
  await page.getByRole('link', { name: 'Learn', exact: true }).click();
  await page.getByRole('heading', { name: 'What a policy earns' }).scrollIntoViewIfNeeded();
  const menu = page.getByRole('button', { name: 'Save as: Reward by fine-tuned blocks' });
  const saved = async (way: string) => {
    await menu.press('Enter');
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: way }).press('Enter');
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`Reward-by-fine-tuned-blocks.${way.toLowerCase()}`);
    return readFile(await download.path());
  };

  const svg = String(await saved('SVG'));
  // The browser itself says whether it is XML.
  const errors = (text: string) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('parsererror').length;
  expect(await page.evaluate(errors, svg)).toBe(0);
  expect(svg).toContain('width="80mm"');
  expect(svg).toContain('fine-tuned blocks');

  const png = await saved('PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  // 8 cm at 300 dots an inch.
  expect(png.readUInt32BE(16)).toBe(945);
  expect(png.includes('pHYs')).toBe(true);

  expect(String(await saved('CSV'))).toMatch(/^fine-tuned blocks,right,wrong\r\n0,1,/);
});
