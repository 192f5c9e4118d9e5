import { expect, it } from 'vitest';
import { Latest } from './latest.ts';

it('does one thing at a time, and of those that come meanwhile only the newest', async () => {
  const done: number[] = [];
  const latest = new Latest();
  let release: () => void = () => undefined;
  const first = latest.put(
    () =>
      new Promise((resolve) => {
        release = () => {
          done.push(1);
          resolve();
        };
      }),
  );
  for (const number of [2, 3]) await latest.put(async () => void done.push(number));
  expect(done).toEqual([]);
  release();
  await first;
  expect(done).toEqual([1, 3]);
});
