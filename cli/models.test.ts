import { expect, it } from 'vitest';
import { modelStore } from './models.ts';

it('the store forgets the models that were not used for longest, beyond its size', async () => {
  const model = { parameters: { w: { shape: [25], values: new Float32Array(25) } }, epochs: [], seconds: 0 };
  const store = modelStore(250);
  for (const key of ['a', 'b']) await store.put(key, model);
  await store.get('a');
  await store.put('c', model);
  const known = await Promise.all(['a', 'b', 'c'].map(async (key) => (await store.get(key)) !== undefined));
  expect(known).toEqual([true, false, true]);
});
