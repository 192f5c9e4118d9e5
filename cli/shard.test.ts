import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from './errors.ts';
import { deal, parseShard, shardFrom } from './shard.ts';

describe('deal', () => {
  const models = fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e')), { minLength: 1, maxLength: 60 });
  const shares = fc.integer({ min: 1, max: 70 });

  it('gives every run to one share, the same every time', () => {
    fc.assert(
      fc.property(models, shares, (runs, count) => {
        const dealt = deal(runs, count);
        expect(dealt).toHaveLength(runs.length);
        expect(dealt.every((share) => Number.isInteger(share) && share >= 0 && share < count)).toBe(true);
        expect(deal(runs, count)).toEqual(dealt);
      }),
    );
  });

  it('keeps the runs of a model together where there are fewer shares than models, as evenly as that allows', () => {
    fc.assert(
      fc.property(models, shares, (runs, count) => {
        const distinct = new Set(runs.filter((model) => model !== null));
        const dealt = deal(runs, count);
        const sizes = Array.from({ length: count }, (_, share) => dealt.filter((own) => own === share).length);
        if (count >= distinct.size) {
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          return;
        }
        for (const model of distinct) expect(new Set(dealt.filter((_, run) => runs[run] === model)).size).toBe(1);
        const largest = Math.max(...Array.from(distinct, (model) => runs.filter((other) => other === model).length));
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(largest);
      }),
    );
  });

  it('has few models in a share where there are more shares', () => {
    // Two models of four runs each, over four shares: two runs each, never of both.
    expect(deal(['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'], 4)).toEqual([0, 2, 0, 2, 1, 3, 1, 3]);
  });
});

describe('a share', () => {
  it('is said in words', () => {
    expect(parseShard('2/8')).toEqual({ index: 2, count: 8 });
    for (const text of ['0/8', '9/8', '1', 'a/b', '1/0', '-1/2', '1/2/3', '1.5/2'])
      expect(() => parseShard(text)).toThrow(UsageError);
  });

  const slurm = (id: number, count: number, first: number, step?: number) => ({
    SLURM_ARRAY_TASK_ID: String(id),
    SLURM_ARRAY_TASK_COUNT: String(count),
    SLURM_ARRAY_TASK_MIN: String(first),
    ...(step === undefined ? {} : { SLURM_ARRAY_TASK_STEP: String(step) }),
  });

  it('is a task of a Slurm array, wherever that begins', () => {
    expect(shardFrom({})).toBeNull();
    expect(shardFrom(slurm(0, 28, 0))).toEqual({ index: 1, count: 28 });
    expect(shardFrom(slurm(28, 28, 1))).toEqual({ index: 28, count: 28 });
    expect(shardFrom(slurm(6, 4, 0, 2))).toEqual({ index: 4, count: 4 });
    expect(() => shardFrom(slurm(7, 2, 3))).toThrow(/have gaps/);
    expect(() => shardFrom({ SLURM_ARRAY_TASK_ID: '3' })).toThrow(/say --shard/);
  });

  it('is a pod of an Indexed Job', () => {
    expect(shardFrom({ JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '8' })).toEqual({ index: 1, count: 8 });
    expect(() => shardFrom({ JOB_COMPLETION_INDEX: '0' })).toThrow(/set JOB_COMPLETIONS/);
    expect(() => shardFrom({ JOB_COMPLETION_INDEX: '8', JOB_COMPLETIONS: '8' })).toThrow(UsageError);
  });
});
