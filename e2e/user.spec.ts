import type { Page } from '@playwright/test';
import { chooseMethods, expect, openStudio, runs, setParameters, simulate, test } from './studio.ts';

const userIn = (page: Page) => new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('user');
const byHand = (page: Page) => page.getByRole('region', { name: 'Top 5, by hand' });
const gates = (page: Page) => page.getByRole('region', { name: 'Gates' }).getByRole('switch');
const pattern = async (page: Page) => {
  const states = (await gates(page).all()).map((gate) => gate.getAttribute('aria-checked'));
  return (await Promise.all(states)).map((state) => (state === 'true' ? 'fine-tuned' : 'frozen'));
};

test('one user: gates by hand agree with the what-ifs, a link brings the view back, a sequence is composed, the policy’s effects are measured', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openStudio(page);
  await page.goto('./#/user');
  await expect(page.getByRole('button', { name: 'Train UAF-Hard' })).toBeVisible();
  await page.goto('./#/data');
  await simulate(page, 120);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseMethods(page, 'UAF-Hard');
  await setParameters(page, 'Fine-tuning', { Epochs: '3' });
  await page.getByRole('button', { name: 'Start the run' }).click();
  await expect.poll(async () => (await runs(page)).map(({ status }) => status), { timeout: 120_000 }).toEqual(['finished']);

  // The first user; each policy of the four is a cell with its rank.
  await page.goto('./#/user');
  const cells = page.getByRole('table', { name: /Rank of the target under each of 4 policies/ }).getByRole('button');
  await expect(cells).toHaveCount(4);
  await expect(page.getByRole('region', { name: /Source sequence of user-1/ })).toContainText('sees the last 13 of 17 items');

  // Gate by gate by hand: the list’s rank is that of the cell with the same gates.
  const own = await pattern(page);
  for (const block of [0, 1]) {
    await gates(page).nth(block).click();
    const now = (await pattern(page)).join(', ');
    const cell = cells.and(page.locator('[aria-pressed="true"]'));
    await expect(cell).toHaveAccessibleName(new RegExp(`^\\[${now}\\]: rank \\d+`));
    const rank = /rank (\d+)/.exec((await cell.getAttribute('aria-label')) ?? '')?.[1];
    await expect(byHand(page)).toContainText(`Target: rank ${rank} of `);
    await expect(byHand(page).getByRole('img')).toHaveAccessibleName(`block 1 ${now.replace(', ', ', block 2 ')}`);
  }
  expect(await pattern(page)).toEqual(own.map((gate) => (gate === 'frozen' ? 'fine-tuned' : 'frozen')));

  // The link brings the same view back, in another tab.
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'in this browser' })).toBeVisible();
  const other = await context.newPage();
  await other.goto(await page.evaluate(() => navigator.clipboard.readText()));
  await expect(byHand(other)).toContainText('Target: rank');
  await expect(byHand(other)).toHaveText((await byHand(page).textContent()) ?? '');
  expect(await pattern(other)).toEqual(await pattern(page));
  await other.close();

  // To the next user with a key, and back with a button; what was set by hand is gone.
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => userIn(page)).toBe('user-2');
  await page.getByRole('button', { name: '← Previous' }).click();
  await expect(page.getByRole('region', { name: /Source sequence of user-1/ })).toBeVisible();
  await expect(byHand(page)).toContainText('as the own policy');
  expect(await pattern(page)).toEqual(own);

  // Composed from the user’s sequence, it has the user’s policy; then an item less.
  await page.getByRole('button', { name: 'Start from this user’s sequence' }).click();
  const composed = page.getByRole('region', { name: 'A composed sequence' });
  await expect(composed.getByRole('listitem')).toHaveCount(17);
  await expect.poll(() => pattern(page)).toEqual(own);
  await composed.getByRole('button', { name: /^Remove: .*place 1$/ }).click();
  await expect(composed.getByRole('listitem')).toHaveCount(16);
  await expect(composed).toContainText('The trunk’s last position sees the last 13 of 16 items');
  await page.getByRole('combobox', { name: 'Target item to look for' }).fill('target-g2');
  await page.getByRole('option', { name: 'target-g2' }).first().click();
  await expect(cells).toHaveCount(4);
  await expect(byHand(page)).toContainText(/Target: rank \d+ of \d+ items/);

  await composed.getByRole('combobox').fill('no such item');
  await expect(composed).toContainText('No source item is called so.');

  // Back to whom one came from; the truth, once asked for, goes along, to the policies of the run too.
  await page.getByRole('button', { name: 'Back to user-1' }).click();
  await page.getByRole('button', { name: 'Show the planted truth' }).click();
  await page.getByRole('button', { name: 'Next →' }).click();
  await expect(page.getByRole('region', { name: /Source sequence of user-2/ })).toContainText('planted kind');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Policies' })).toHaveAttribute('aria-current', 'true');
  await page.getByRole('link', { name: /Back to the policies/ }).click();
  await expect(page.getByRole('button', { name: 'Hide the planted truth' })).toBeVisible();

  // An unknown user is told, with a way out.
  await page.goto(page.url().replace(/#.*/, '#/user?user=nobody'));
  await expect(page.getByRole('alert')).toContainText('no user “nobody”');
  await page.getByRole('button', { name: 'Look at the first user' }).click();
  await expect(page.getByRole('region', { name: /Source sequence of user-1/ })).toBeVisible();

  // An address of another dataset is refused, not guessed at.
  await page.goto(page.url().replace(/#.*/, '#/user?items=5.99999&item=99999'));
  await expect(page.getByRole('alert')).toContainText('no source item number 99999');

  // Whether the policy matters at all: six policies, and a verdict.
  await page.getByRole('link', { name: 'Policies', exact: true }).click();
  const card = page.getByRole('region', { name: 'Does the policy matter?' });
  await card.getByRole('button', { name: 'Measure it' }).click();
  const table = card.getByRole('table', { name: 'Test metrics under other policies' });
  await expect(table.getByRole('row')).toHaveCount(1 + 6);
  await expect(table.getByRole('row', { name: /best in hindsight/ })).toContainText('upper bound');
  await expect(card.getByText(/nother user’s policy/)).toBeVisible();
  await card.getByRole('button', { name: 'Run Finetune-CLS' }).click();
  await expect(card.getByText(/Spearman’s ρ|Nothing can be said/)).toBeVisible({ timeout: 60_000 });
});
