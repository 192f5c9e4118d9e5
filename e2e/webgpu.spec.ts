import { chooseMethods, epochs, expect, openStudio, runs, setParameters, simulate, test } from './studio.ts';

test('a tiny run on WebGPU has the losses of WASM', async ({ page }) => {
  await openStudio(page);
  await simulate(page, 40);
  const trainTiny = async () => {
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await chooseMethods(page, 'UAF-RL');
    await setParameters(page, 'Network', { 'Channels k': '4', 'Sequence length n': '6' });
    await setParameters(page, 'Pre-training', { Epochs: '2', 'Batch size': '32' });
    await setParameters(page, 'Fine-tuning', { Epochs: '2', 'Batch size': '64' });
    // The first epoch trains as UAF-Hard does, the second by rewards.
    await setParameters(page, 'Reinforcement (UAF-RL)', { 'Warm-up epochs': '1' });
    await page.getByRole('button', { name: 'Start the run' }).click();
  };
  const finished = (count: number) =>
    expect
      .poll(async () => (await runs(page)).filter(({ status }) => status === 'finished').length, { timeout: 150_000 })
      .toBe(count);

  await trainTiny();
  await finished(1);
  await page.getByRole('button', { name: 'WASM' }).click();
  await page.getByRole('menuitem', { name: /^WebGPU/ }).click();
  await expect(page.getByRole('button', { name: /^WebGPU/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: /^WebGPU/ })).toBeVisible();
  await trainTiny();
  await finished(2);

  const [wasm, webgpu] = await runs(page);
  expect([wasm.backend?.name, webgpu.backend?.name]).toEqual(['wasm', 'webgpu']);
  const losses = async (runId: number) =>
    (await epochs(page)).filter((epoch) => epoch.runId === runId).map(({ trainLoss }) => trainLoss);
  const pairs = [
    [wasm.pretraining.map(({ loss }) => loss), webgpu.pretraining.map(({ loss }) => loss)],
    [await losses(wasm.id), await losses(webgpu.id)],
  ];
  for (const [expected, actual] of pairs) {
    expect(expected).toHaveLength(2);
    expect(actual).toHaveLength(2);
    expected.forEach((loss, i) => {
      expect(Math.abs(actual[i] - loss)).toBeLessThan(1e-3);
    });
  }
});
