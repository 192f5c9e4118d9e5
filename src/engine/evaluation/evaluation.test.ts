import { describe, expect, it } from 'vitest';
import { instanceValues, meanOf, metricNames, metricOf, metricsOf } from './metrics.ts';
import { areaUnderCurve, summarise } from './policies.ts';

describe('metrics', () => {
  it('are means over instances with their standard errors', () => {
    const ranks = Int32Array.from([1, 2, 6, 30]);
    const metrics = metricsOf({ sampled: ranks, all: ranks }, [], [5, 10]);
    expect(metrics.n).toBe(4);
    expect(metricOf(metrics, 'HR@5', 'sampled')?.value).toBe(0.5);
    expect(metricOf(metrics, 'HR@10', 'sampled')?.value).toBe(0.75);
    expect(metricOf(metrics, 'MRR@5', 'all')?.value).toBeCloseTo((1 + 1 / 2) / 4, 12);
    expect(metricOf(metrics, 'NDCG@10', 'all')?.value).toBeCloseTo((1 + 1 / Math.log2(3) + 1 / Math.log2(7)) / 4, 12);
    // Sample deviation of (1, 1, 0, 0) over √4.
    expect(metricOf(metrics, 'HR@5', 'sampled')?.error).toBeCloseTo(Math.sqrt(1 / 3) / 2, 12);
    expect(metricOf(metrics, 'HR@20', 'sampled')).toBeUndefined();
    expect(metricOf(metrics, 'constructor', 'sampled')).toBeUndefined();
  });

  it('of a profile task are accuracy, macro F1 over the classes that occur, and the confusion matrix', () => {
    const metrics = metricsOf({ predicted: Int32Array.from([0, 0, 1, 1, 0]) }, [0, 1, 1, 1, 3], [5]);
    expect(metricOf(metrics, 'accuracy', 'sampled')).toEqual({ value: 0.6, error: Math.sqrt(0.3 / 5) });
    // F1 of class 0: 2·1 / (1 + 3); of class 1: 2·2 / (3 + 2); class 2 does not occur; class 3: 0.
    expect(metricOf(metrics, 'macroF1', 'sampled')?.value).toBeCloseTo((2 / 4 + 4 / 5 + 0) / 3, 12);
    expect('confusion' in metrics && metrics.confusion).toEqual([
      [1, 0, 0, 0],
      [1, 2, 0, 0],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ]);
  });

  it('the jackknife error of a macro F1 is what leaving out each instance gives', () => {
    const predicted = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1];
    const labels = [0, 1, 0, 0, 1, 1, 0, 1, 1, 0];
    const f1 = (keep: (i: number) => boolean) => {
      const kept = predicted.map((_, i) => i).filter(keep);
      return metricOf(
        metricsOf(
          { predicted: Int32Array.from(kept, (i) => predicted[i]) },
          kept.map((i) => labels[i]),
          [],
        ),
        'macroF1',
        'all',
      );
    };
    const without = labels.map((_, left) => f1((i) => i !== left)?.value ?? Number.NaN);
    const mean = without.reduce((sum, x) => sum + x, 0) / 10;
    const expected = Math.sqrt((9 / 10) * without.reduce((sum, x) => sum + (x - mean) ** 2, 0));
    expect(f1(() => true)?.error).toBeCloseTo(expected, 12);
  });

  it('of runs that share instances are means of the values of each instance', () => {
    const ranks = { sampled: Int32Array.from([1, 3, 9]), all: Int32Array.from([2, 8, 50]) };
    const metrics = metricsOf(ranks, [], [5, 10]);
    for (const name of metricNames(metrics)) {
      for (const protocol of ['sampled', 'all'] as const) {
        const values = instanceValues(ranks, [], name, protocol) ?? new Float64Array();
        expect(meanOf(values)).toEqual(metricOf(metrics, name, protocol));
      }
    }
  });
});

describe('policies', () => {
  const policies = {
    users: Int32Array.from([3, 5, 9]),
    blocks: 2,
    gate: Float32Array.from([0, 1, 1, 1, 0, 1]),
    probability: Float32Array.from([0, 0.5, 1, 1, 0, 1]),
  };

  it('are summarised over the users that count', () => {
    expect(summarise(policies, () => true)).toEqual({ utilisation: [1 / 3, 1], distinct: 2, entropy: 1 / 6, collapsed: false });
    expect(summarise(policies, (user) => user !== 5)).toMatchObject({ utilisation: [0, 1], distinct: 1, collapsed: true });
  });

  it('AUC: 1 if told apart, ½ by chance, ties count half', () => {
    expect(areaUnderCurve([1, 2, 3, 4], [0, 0, 1, 1])).toBe(1);
    expect(areaUnderCurve([1, 1, 1, 1], [0, 1, 0, 1])).toBe(0.5);
    expect(areaUnderCurve([2, 1, 2, 1], [0, 0, 1, 1])).toBe(0.5);
  });
});
