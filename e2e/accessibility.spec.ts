import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { PAGES } from './pages.ts';
import { chooseMethods, expect, openStudio, runs, setParameters, simulate, test } from './studio.ts';

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
/** Each page in both colours and at both sizes; every other page the other way round, so that the shell is seen in all four. */
const LOOKS = [
  [
    { colorScheme: 'light', size: WIDE },
    { colorScheme: 'dark', size: NARROW },
  ],
  [
    { colorScheme: 'dark', size: WIDE },
    { colorScheme: 'light', size: NARROW },
  ],
] as const;

/** What axe complains about in the page or a part of it, one line a rule, with the first elements that break it. */
async function violations(page: Page, part = 'html'): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include(part).analyze();
  return found.map(({ id, help, nodes }) => {
    const examples = nodes
      .slice(0, 4)
      .map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary?.split('\n')[1]})`);
    return `${id}: ${help}; ${nodes.length} elements, such as ${examples.join(', ')}`;
  });
}

test('no page breaks a rule of accessibility, each seen in light and dark, wide and narrow, with figures', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openStudio(page);
  await simulate(page, 60);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseMethods(page, 'MostPop', 'Finetune-All', 'UAF-Hard', 'UAF-Soft');
  await setParameters(page, 'Pre-training', { Epochs: '1' });
  await setParameters(page, 'Fine-tuning', { Epochs: '2' });
  await page.getByRole('button', { name: 'Start 4 runs' }).click();
  await expect
    .poll(async () => (await runs(page)).filter(({ status }) => status === 'finished').length, { timeout: 60_000 })
    .toBe(4);
  for (const [i, { path, heading, region }] of PAGES.entries()) {
    await page.goto(`./#${path}`);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(page.getByRole('region', { name: region }).last()).toBeVisible();
    await expect(page.getByLabel(/^Loading/)).toHaveCount(0);
    for (const { colorScheme, size } of LOOKS[i % LOOKS.length]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      // Colours between light and dark are nobody's.
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
      expect.soft(await violations(page), `${path}, ${colorScheme}, ${size.width} px`).toEqual([]);
    }
  }
  // What opens over a page: a word's explanation, and the list of shortcuts.
  await page.getByRole('region', { name: 'In five sentences' }).getByRole('button', { name: 'policy', exact: true }).focus();
  await expect(page.getByRole('link', { name: 'More in the glossary' })).toBeVisible();
  expect.soft(await violations(page, '[role="dialog"]'), 'an explanation').toEqual([]);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard and help' })).toBeVisible();
  expect.soft(await violations(page, '[role="dialog"]'), 'the shortcuts').toEqual([]);
});
