import { expect, type Page, test } from '@playwright/test';
import { openEngine } from './engine.ts';
// What the page declares of itself.
import type {} from './golden/page.ts';

test.describe.configure({ mode: 'serial' });

let page: Page;
test.beforeAll(async ({ browser }) => {
  page = await openEngine(browser);
});
test.afterAll(() => page.close());

/** Seeds an operation; each has shapes of its own, for which shaders have to be compiled on one of two cores. */
const SEEDS = 4;

test('operations at random shapes have the values of the reference on WebGPU', async () => {
  const { operations, variants } = await page.evaluate(() => ({
    operations: window.engine.operations,
    variants: window.engine.variants,
  }));
  expect(operations.length).toBeGreaterThan(5);
  for (const operation of operations) {
    const ask = { operation, seeds: SEEDS, variant: variants.find((name) => name === 'register 4×8') as string };
    const found = await page.evaluate(({ operation, seeds, variant }) => window.engine.distances(operation, seeds, variant), ask);
    expect(found).toHaveLength(SEEDS);
    for (const [i, distance] of found.entries()) expect(distance, `${operation}, seed ${i + 1}`).toBeLessThan(1e-4);
  }
});

test('all variants of the inner loop have these values', async () => {
  const variants = await page.evaluate(() => window.engine.variants);
  expect(variants.length).toBeGreaterThan(2);
  for (const variant of variants) {
    // The first seed whose channels are a multiple of four, which is where variants differ.
    for (const operation of ['residual blocks', 'cross-entropy']) {
      const found = await page.evaluate((ask) => window.engine.distances(ask.operation, 2, ask.variant), { operation, variant });
      for (const distance of found) expect(distance, `${operation}, ${variant}`).toBeLessThan(1e-4);
    }
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
  expect(second).toEqual(first);
  expect(first.buffers).toBeGreaterThan(0);
});

test('a device that is lost or full is reported', async () => {
  const { lost, errors } = await page.evaluate(() => window.engine.faults());
  expect(lost).toHaveLength(1);
  expect(errors).toEqual([expect.stringMatching(/^OutOfGpuMemoryError: The GPU’s memory is full \(no room for 64 GB\)/)]);
});
