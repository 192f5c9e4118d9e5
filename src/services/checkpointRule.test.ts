import { describe, expect, it } from 'vitest';
import { CheckpointRule } from './checkpointRule.ts';

/** Trains epochs of so many steps of so many milliseconds; when checkpoints were written, and which share of the time that took. */
function train(epochs: number, steps: number, milliseconds: number, writing: number) {
  let now = 0;
  const rule = new CheckpointRule(() => now);
  const written: { epoch: number; step: number; at: number }[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (let step = 1; step <= steps; step++) {
      now += milliseconds;
      // After the last step the epoch is evaluated, and the next one begins.
      const position = step === steps ? { epoch: epoch + 1, step: 0 } : { epoch, step };
      const place = { stage: 'fine-tuning' as const, ...position };
      if (!rule.isDue(place)) continue;
      written.push({ ...position, at: now });
      rule.wrote(place, writing);
    }
  }
  const spent = written.length * writing;
  return { written, share: spent / (now + spent) };
}

describe('when a checkpoint is written', () => {
  it('at the end of each epoch, where that costs little', () => {
    const { written } = train(10, 100, 20, 30);
    expect(written.map(({ epoch, step }) => [epoch, step])).toEqual(Array.from({ length: 10 }, (_, i) => [i + 2, 0]));
  });

  it('within a long epoch soon, and then every two minutes', () => {
    const { written } = train(1, 1200, 1000, 2000);
    expect(written.map(({ at }) => at / 1000)).toEqual([15, 135, 255, 375, 495, 615, 735, 855, 975, 1095, 1200]);
  });

  it.each([
    [500, 5, 3, 40],
    [2000, 1, 4, 25],
    [300, 10, 7, 5000],
    [20, 100, 60, 60_000],
  ])('in %i epochs of %i steps of %i ms at most a tenth of the time, when one takes %i ms', (epochs, steps, step, writing) => {
    const { written, share } = train(epochs, steps, step, writing);
    // But for the first, of which nobody knows yet how long it takes.
    expect(share).toBeLessThanOrEqual(written.length <= 1 ? 1 : 0.1 + writing / (epochs * steps * step));
    expect(written.every(({ step }) => step === 0)).toBe(true);
  });

  it('once in each place, however long an evaluation takes there', () => {
    let now = 0;
    let written = 0;
    const rule = new CheckpointRule(() => now);
    const place = { stage: 'fine-tuning' as const, epoch: 21, step: 0 };
    for (; now < 600_000; now += 25) {
      if (!rule.isDue(place)) continue;
      written++;
      rule.wrote(place, 2000);
    }
    expect(written).toBe(1);
    expect(rule.isDue({ ...place, epoch: 22 })).toBe(true);
  });

  it('passes over the ends of short epochs, and makes use of what it may', () => {
    const { written, share } = train(500, 5, 3, 40);
    expect(written.length).toBeLessThan(30);
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThanOrEqual(0.1);
  });
});
