import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Pretrained } from '../src/engine/training/pretraining.ts';
import { modelStore, sharedModels } from './models.ts';

it('the store forgets the models that were not used for longest, beyond its size', async () => {
  const model = { parameters: { w: { shape: [25], values: new Float32Array(25) } }, epochs: [], seconds: 0 };
  const store = modelStore(250);
  for (const key of ['a', 'b']) await store.put(key, model);
  await store.get('a');
  await store.put('c', model);
  const known = await Promise.all(['a', 'b', 'c'].map(async (key) => (await store.get(key)) !== undefined));
  expect(known).toEqual([true, false, true]);
});

describe('shared models', () => {
  const model: Pretrained = {
    parameters: {
      'blocks.0.conv1.bias': { shape: [3], values: Float32Array.of(0.1, -2, 1e-30) },
      item_embedding: { shape: [2, 1], values: Float32Array.of(3, 4) },
    },
    epochs: [{ epoch: 1, loss: 4.123456789012345 }],
    seconds: 7.5,
  };

  it('are found by other processes, to the last bit, and only under the same circumstances', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'models-'));
    const of = (dataset: string) => sharedModels(folder, { dataset });
    await of('a').put('key', model);
    expect(await of('a').get('key')).toEqual(model);
    expect(await of('a').get('other')).toBeUndefined();
    expect(await of('b').get('key')).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  it('that are broken, or of something else, are trained and written again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'models-'));
    const of = (dataset: string) => sharedModels(folder, { dataset });
    await of('a').put('key', model);
    const [name] = readdirSync(folder);
    const file = join(folder, name);
    const whole = readFileSync(file);
    const flipped = Uint8Array.from(whole);
    flipped[whole.length - 1] ^= 1;
    const text = whole.toString('latin1').replace('4.123456789012345', '5.123456789012345');
    for (const bytes of [whole.subarray(0, 50), flipped, Buffer.from('else'), Buffer.from(text, 'latin1'), new Uint8Array()]) {
      writeFileSync(file, bytes);
      expect(await of('a').get('key')).toBeUndefined();
    }
    await of('b').put('key', model);
    const other = readdirSync(folder).find((found) => found !== name) ?? '';
    writeFileSync(file, readFileSync(join(folder, other)));
    expect(await of('a').get('key')).toBeUndefined();
    await of('a').put('key', model);
    expect(await of('a').get('key')).toEqual(model);
    rmSync(folder, { recursive: true });
  });
});
