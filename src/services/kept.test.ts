import { expect, it } from 'vitest';
import { Kept } from './kept.ts';

it('keeps what was last asked for, fetches nothing twice, and tries again what failed', async () => {
  const kept = new Kept<string, string>(2);
  const fetched: string[] = [];
  const get = (key: string) =>
    kept.get(key, async () => {
      fetched.push(key);
      return key;
    });
  await Promise.all([get('a'), get('a'), get('b')]);
  await get('a');
  expect(fetched).toEqual(['a', 'b']);
  await get('c');
  await get('b');
  expect(fetched).toEqual(['a', 'b', 'c', 'b']);
  const failing = () => kept.get('d', () => Promise.reject(new Error('gone')));
  await expect(failing()).rejects.toThrow('gone');
  expect(await get('d')).toBe('d');
});

it('keeps no more than so much', async () => {
  const kept = new Kept<string, string>(5, (value) => value.length);
  const get = (key: string) => kept.get(key, async () => key);
  for (const key of ['aa', 'bb', 'c', 'dd']) await get(key);
  expect(kept.found('aa')).toBeUndefined();
  expect(await kept.found('bb')).toBe('bb');
  // What is too much by itself is given, but not kept.
  expect(await get('too much')).toBe('too much');
  expect(kept.found('too much')).toBeUndefined();
});
