import { expect, it } from 'vitest';
import { StoppedError } from '../engine/errors.ts';
import { Pacer } from './pacer.ts';
import { inSteps } from './staging.ts';

it('ends the work that is stopped, so that it puts away what it holds', async () => {
  let isPutAway = false;
  function* work(): Generator<number, string> {
    try {
      for (let share = 0; share < 1; share += 0.1) yield share;
      return 'done';
    } finally {
      isPutAway = true;
    }
  }
  const stopped = new Pacer();
  const shares: number[] = [];
  const ending = inSteps(work(), stopped, (share) => {
    shares.push(share);
    stopped.stop();
  });
  await expect(ending).rejects.toThrow(StoppedError);
  expect([isPutAway, shares]).toEqual([true, [0]]);
  const pacer = new Pacer();
  expect(await inSteps(work(), pacer, () => {})).toBe('done');
  for (const each of [stopped, pacer]) each.dispose();
});
