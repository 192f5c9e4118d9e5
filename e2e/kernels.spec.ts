import { expect, type Page, test } from '@playwright/test';
import { MOST_BIND_GROUPS } from '../src/engine/kernels/gpu/gpu.ts';
import { openEngine } from './engine.ts';
// What the page declares of itself.
import type {} from './golden/page.ts';

test.describe.configure({ mode: 'serial' });

let page: Page;
test.beforeAll(async ({ browser }) => {
  page = await openEngine(browser);
});
test.afterAll(() => page.close());

/** Each has shapes of its own, for which shaders have to be compiled on one of two cores: those of blocks take seconds each. */
const seedsOf = (operation: string) => (operation.endsWith('blocks') ? [1] : [1, 2, 3]);
/** What software adapters use. */
const USUAL = 'register 8×8';

test('operations at random shapes have the values of the reference on WebGPU', async () => {
  const { operations, largeSeeds } = await page.evaluate(() => ({
    operations: window.engine.operations,
    largeSeeds: window.engine.largeSeeds,
  }));
  expect(operations.length).toBeGreaterThan(5);
  for (const operation of operations) {
    const ask = { operation, seeds: [...seedsOf(operation), ...largeSeeds], variant: USUAL };
    const found = await page.evaluate(({ operation, seeds, variant }) => window.engine.distances(operation, seeds, variant), ask);
    expect(found).toHaveLength(ask.seeds.length);
    for (const [i, distance] of found.entries())
      expect(distance, `${operation}, seed ${ask.seeds[i]}`).toBeLessThanOrEqual(operation === 'ranks' ? 0 : 1e-4);
  }
});

test('all variants of the inner loop have these values', async () => {
  const variants = await page.evaluate(() => window.engine.variants());
  expect(variants.length).toBeGreaterThan(2);
  for (const variant of variants) {
    // More than 32 channels, in fours: where variants differ.
    const [distance] = await page.evaluate((ask) => window.engine.distances('residual blocks', [1001], ask), variant);
    expect(distance, variant).toBeLessThan(1e-4);
  }
});

test('cross-entropy over several chunks of rows has the values of the reference', async () => {
  for (const operation of ['cross-entropy', 'sampled cross-entropy']) {
    const found = await page.evaluate(
      (ask) => {
        window.engine.limitLogits(100_000);
        return window.engine.distances(ask.operation, [1001], ask.variant);
      },
      { operation, variant: USUAL },
    );
    for (const distance of found) expect(distance, operation).toBeLessThan(1e-4);
  }
});

// UAF with a GRU is composed of stock operations, whose shaders take long to compile here: one of the three stands for them.
const TRAINED = [
  ...['pre-training', 'pre-training-sampled', 'finetune-zero', 'finetune-cls', 'finetune-last-1', 'finetune-all', 'mtl'],
  ...['peterrec', 'uaf-random', 'uaf-hard', 'uaf-soft', 'uaf-rl', 'uaf-soft-gru'],
];

for (const of of TRAINED) {
  test(`20 steps of ${of} on WebGPU have the losses of the reference`, async () => {
    const losses = (backend: 'cpu' | 'webgpu') =>
      page.evaluate((ask) => window.engine.losses(ask.of, ask.backend, 20), { of, backend });
    const [expected, actual] = [await losses('cpu'), await losses('webgpu')];
    expect(expected).toHaveLength(20);
    expected.forEach((loss, step) => {
      expect(Math.abs(actual[step] - loss), `step ${step + 1}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(loss)));
    });
  });
}

test('500 steps on WebGPU leave no tensor, no byte and no buffer behind', async () => {
  const [first, second] = await page.evaluate(() => window.engine.held('uaf-hard', 250));
  const { allocated, bindGroups, ...held } = second;
  expect(held).toEqual({ tensors: first.tensors, bytes: first.bytes, buffers: first.buffers });
  // Rows that have to make up for steps are of few sizes, the last of which may not have been seen yet.
  expect(allocated).toBeLessThan(1.02 * first.allocated);
  expect(bindGroups).toBeLessThanOrEqual(MOST_BIND_GROUPS);
  expect(first.buffers).toBeGreaterThan(0);
});

test('a device that is lost or full is reported', async () => {
  const { lost, errors } = await page.evaluate(() => window.engine.faults());
  expect(lost).toHaveLength(1);
  expect(errors).toEqual([expect.stringMatching(/^OutOfGpuMemoryError: The GPU’s memory is full \(no room for 64 GB\)/)]);
});
