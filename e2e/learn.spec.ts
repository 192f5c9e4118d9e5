import { expect, openStudio, test } from './studio.ts';

test('the Learn page answers to touch, and its words lead into the glossary', async ({ page }) => {
  await openStudio(page);
  expect(await page.evaluate(() => document.querySelector('link[href*=katex], .katex'))).toBeNull();
  await page.getByRole('link', { name: 'Learn', exact: true }).click();

  // Fig. 1: a gate flips, by keyboard too, and the words follow.
  const gate = page.getByRole('button', { name: 'Ada, block 1: fine-tuned' });
  await expect(gate).toHaveAttribute('aria-pressed', 'false');
  await gate.press('Enter');
  await expect(gate).toHaveAttribute('aria-pressed', 'true');
  const first = page.getByRole('figure', { name: /^Fig\. 1/ });
  await expect(first).toContainText('Ada’s gate of block 1 is 1: the fine-tuned copy');
  await expect(first).toContainText('Ada 1001, Ben 0101, Cleo 1110; 3 distinct of 16');

  // Fig. 2: what is pointed at says what it is, in the settings that are chosen; formulas are set, with MathML.
  const second = page.getByRole('figure', { name: /^Fig\. 2/ });
  const details = second.getByRole('region', { name: 'The part that is pointed at' });
  await second.getByRole('button', { name: 'block 2, fine-tuned copy' }).hover();
  await expect(details).toContainText('1,632 parameters');
  await expect(details.locator('math')).toHaveCount(1);
  await second.getByText('preset paper').click();
  await second.getByRole('button', { name: 'block 8, frozen' }).focus();
  await expect(details).toContainText('99,072 parameters');
  await expect(details).toContainText('[B, 50, 128]');

  // The receptive field follows the dilations.
  const sight = page.getByRole('region', { name: 'What a position can see' });
  await expect(sight).toContainText('The last position can see 13 positions; of this sequence 13 of 17.');
  await sight.getByLabel('Dilations of the trunk').fill('1, 4');
  await expect(sight).not.toContainText('13 of 17');
  await expect(sight.getByText('The last position can see 31 positions; of this sequence 17 of 17.')).toHaveCount(2);

  // A lower temperature leaves a confident gate less gradient.
  const learning = page.getByRole('region', { name: 'How a hard gate learns' });
  const left = async () => Number(/Gradient that is left: (\d\.\d+)/.exec((await learning.textContent()) ?? '')?.[1]);
  const warm = await left();
  await learning.getByRole('slider', { name: 'Temperature τ' }).press('Home');
  await expect.poll(left).toBeLessThan(warm / 10);

  // A word's popover, by keyboard, to its entry.
  await page.getByRole('region', { name: 'In five sentences' }).getByRole('button', { name: 'policy', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'More in the glossary' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/learn\?term=policy$/);
  await expect(page.locator('#term-policy')).toBeInViewport();
  await page.getByLabel('Find a word').fill('straight-through');
  await expect(page.getByRole('region', { name: 'Glossary' }).getByRole('term')).toHaveText(['Straight-through']);
});

test('the tour leads through every page to the import; ? lists the shortcuts', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openStudio(page);
  await page.getByRole('button', { name: 'Take the tour' }).click();
  const tour = page.locator('.driver-popover.tour');
  const titles: (string | null)[] = [];
  for (;;) {
    await expect(tour).toContainText(`${titles.length + 1} of 10`);
    titles.push(await tour.locator('.driver-popover-title').textContent());
    if (titles.length === 10) break;
    await page.keyboard.press('ArrowRight');
  }
  expect(titles).toEqual([
    'Data',
    'Train',
    'Or choose yourself',
    'Compare',
    'Policies',
    'Does the policy matter?',
    'One user',
    'Learn',
    'Every word is explained',
    'Now with your data',
  ]);
  await tour.getByRole('button', { name: 'Open the import' }).click();
  await expect(page.getByRole('region', { name: 'Import' })).toBeVisible();
  // It was taken: it is not offered again.
  await expect(page.getByRole('complementary', { name: 'The tour' })).toHaveCount(0);

  // Keys are text while one types, and shortcuts elsewhere.
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard and help' });
  await expect(list).toContainText('Policies');
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.getByLabel('Find a word').pressSequentially('gd?');
  await expect(page.getByLabel('Find a word')).toHaveValue('gd?');
  await expect(list).toBeHidden();
  await expect(page).toHaveURL(/#\/learn$/);
  await page.getByLabel('Find a word').blur();

  // Escape ends the tour, wherever it stands.
  await page.getByRole('button', { name: 'Take the tour' }).click();
  await expect(tour).toContainText('1 of 10');
  await page.keyboard.press('ArrowRight');
  await expect(tour).toContainText('2 of 10');
  await page.keyboard.press('Escape');
  await expect(tour).toHaveCount(0);
  await expect(page).toHaveURL(/#\/train$/);

  // On another dataset, as fast as one can press: each press counts.
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await page.getByRole('button', { name: 'Simulate a dataset' }).click();
  const simulator = page.getByRole('region', { name: 'Simulator' });
  await simulator.getByText('open', { exact: true }).click();
  await simulator.getByLabel('Users', { exact: true }).fill('60');
  await simulator.getByRole('button', { name: 'Make the dataset' }).click();
  await expect(page.getByRole('region', { name: /Dataset/ })).toHaveCount(2);
  await page.keyboard.press('?');
  await list.getByRole('button', { name: 'Take the tour' }).click();
  await expect(tour).toContainText('1 of 10');
  await tour.getByRole('button', { name: 'Next' }).click();
  expect(await tour.textContent()).toContain('2 of 10');
  for (let step = 3; step <= 10; step++) {
    await tour.getByRole('button', { name: 'Next' }).click();
    expect(await tour.textContent()).toContain(`${step} of 10`);
  }
  await expect(page).toHaveURL(/#\/data$/);
});

test('a phone’s menu closes by Escape and with the page; by keyboard one gets past it, and the focus goes with the page', async ({
  page,
}) => {
  await openStudio(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.locator('main').locator(':focus')).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { level: 1, name: 'Learn' })).toBeFocused();

  await page.setViewportSize({ width: 390, height: 844 });
  const menu = page.getByRole('navigation', { name: 'Pages' });
  await expect(menu).not.toBeInViewport();
  await page.getByRole('button', { name: 'Pages' }).click();
  await expect(menu).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(menu).not.toBeInViewport();
  await page.getByRole('button', { name: 'Pages' }).click();
  await page.goto('./#/policies');
  await expect(menu).not.toBeInViewport();

  // What a part of Fig. 2 says stands under it once it is tapped, and goes again.
  await page.goto('./#/learn?section=network');
  const details = page.getByRole('region', { name: 'The part that is pointed at' });
  const part = page.getByRole('button', { name: 'block 1, fine-tuned copy' });
  await expect(part).toBeVisible();
  await expect(details).toHaveCount(0);
  await part.click();
  const [above, below] = [await part.boundingBox(), await details.boundingBox()];
  expect((below?.y ?? 0) - (above?.y ?? 0) - (above?.height ?? 0)).toBeLessThan(16);
  await details.getByRole('button', { name: 'Close' }).click();
  await expect(details).toHaveCount(0);
});
