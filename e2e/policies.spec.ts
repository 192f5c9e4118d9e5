import { expect, openStudio, runs, simulate, test } from './studio.ts';

test('policies: rows are chosen and charts follow, epochs are gone through, the truth is hidden until it is asked for', async ({
  page,
}) => {
  await openStudio(page);
  await simulate(page, 200);
  // A link asks for the run: three epochs with a temperature that lets the policy collapse.
  const settings = 'temperature=1&pretraining.epochs=2&fineTuning.epochs=3&fineTuning.learningRate=0.02';
  await page.goto(`./#/train?on=2&preset=quick&method=uaf-hard&seed=1&${settings}`);
  await page.getByRole('button', { name: 'Start the run' }).click();
  await expect.poll(async () => (await runs(page)).map(({ status }) => status), { timeout: 60_000 }).toEqual(['finished']);
  const [{ configuration, result }] = await runs(page);
  expect(configuration).toMatchObject({ temperature: 1, fineTuning: { epochs: 3, learningRate: 0.02 } });

  await page.getByRole('link', { name: 'Policies' }).click();
  const picture = page.getByRole('img', { name: /users by blocks/ });
  await expect(picture).toBeVisible();
  const orders = page.getByLabel('Rows by');
  await expect(orders.getByRole('option', { name: /kind/ })).toHaveCount(0);
  expect(await page.locator('main').textContent()).not.toMatch(/steady|nostalgic|AUC/);

  // From the keyboard: the first eleven rows, and nobody again.
  const chosen = page.getByRole('region', { name: 'Chosen users' });
  await page.getByRole('slider', { name: 'Row of users' }).press('Shift+PageDown');
  await expect(page.getByText('11 of 200 users chosen.')).toBeVisible();
  await expect(chosen.getByRole('table', { name: 'Shares of the 11 chosen users' })).toContainText('11 users');
  await page.keyboard.press('Escape');
  await expect(chosen.getByRole('table', { name: 'Shares of all 200 users' })).toContainText('200 users');
  // With the mouse: a half of the picture.
  await picture.scrollIntoViewIfNeeded();
  const box = (await picture.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + 50, box.y + 1);
  await page.mouse.down();
  await page.mouse.move(box.x + 50, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(chosen.getByRole('table', { name: 'Shares of the 101 chosen users' })).toContainText('101 users');

  // Another epoch is in the address, so that a link shows it.
  await page.getByRole('slider', { name: 'Epoch' }).press(result?.bestEpoch === 3 ? 'Home' : 'End');
  const shown = result?.bestEpoch === 3 ? 1 : 3;
  await expect(page.getByText(`Epoch ${shown} of 3`)).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`#/policies\\?.*epoch=${shown}`));
  // Sorted by it, with the answer beside the button.
  await page.getByRole('button', { name: 'Show the planted truth' }).click();
  await expect(orders).toHaveValue('own kind');
  await expect(page.getByText(/At epoch \d the number of fine-tuned blocks tells them apart with AUC \d/)).toBeVisible();
  await page.getByRole('button', { name: 'Hide the planted truth' }).click();
  await expect(orders).toHaveValue('similar');
  await page.getByRole('button', { name: 'Show the planted truth' }).click();
  await page.reload();
  await expect(page.getByText(`Epoch ${shown} of 3`)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Choose steady/ })).toBeVisible();
  await expect(page.getByRole('figure', { name: /told apart \(AUC\)/ })).toBeVisible();

  // Collapsed: said plainly, with a link to the run that may not.
  await page.getByRole('slider', { name: 'Epoch' }).press(result?.bestEpoch === 3 ? 'End' : 'Home');
  await expect(page.getByRole('alert').filter({ hasText: 'The same for everyone' })).toBeVisible();
  await page.getByRole('link', { name: /^Open on the Train page: temperature τ 10/ }).click();
  const form = page.getByRole('region', { name: 'New runs' });
  await expect(form.getByRole('checkbox', { name: 'UAF-Hard', exact: true })).toBeChecked();
  await expect(form.getByRole('button', { name: /^Fine-tuning/ })).toContainText('2 changed');
  await expect(form.getByRole('button', { name: 'Start the run' })).toBeEnabled();
});
