import { describe, expect, it } from 'vitest';
import {
  COLD_REC,
  COLD_REC_TENTH,
  PROFILES,
  type PublishedTable,
  printed,
  publishedName,
  publishedValue,
  SIZES,
} from './published.ts';

const best = (table: PublishedTable, dataset: number, metric: 0 | 1): string =>
  Object.entries(table.rows).reduce((a, b) => (b[1][dataset][metric] > a[1][dataset][metric] ? b : a))[0];
const UAF = ['uaf-hard', 'uaf-soft', 'uaf-rl'];

describe('published numbers', () => {
  it('have a value of every dataset and metric, each a share', () => {
    for (const table of [COLD_REC, COLD_REC_TENTH, PROFILES]) {
      for (const pairs of Object.values(table.rows)) {
        expect(pairs).toHaveLength(table.datasets.length);
        expect(pairs.flat().every((value) => value > 0.05 && value < 1)).toBe(true);
      }
    }
  });

  it('rank in ColdRec as no reciprocal rank can otherwise: MRR@5 between a fifth of HR@5 and HR@5', () => {
    for (const { rows } of [COLD_REC, COLD_REC_TENTH]) {
      for (const [mrr, hr] of Object.values(rows).flat()) {
        expect(mrr).toBeLessThan(hr);
        expect(mrr).toBeGreaterThan(hr / 5);
      }
    }
  });

  it('put UAF above the other ways, but for UAF-Soft’s HR@5 on ColdRec-3', () => {
    const without = COLD_REC.datasets.flatMap((dataset, d) =>
      ([0, 1] as const).flatMap((metric) =>
        UAF.filter((id) => COLD_REC.rows[id][d][metric] <= COLD_REC.rows['finetune-all'][d][metric]).map(
          (id) => `${id} ${dataset} ${COLD_REC.metrics[metric]}`,
        ),
      ),
    );
    expect(without).toEqual(['uaf-soft ColdRec-3 HR@5']);
  });

  it('have a UAF method as the best of every column', () => {
    for (const table of [COLD_REC, COLD_REC_TENTH, PROFILES]) {
      table.datasets.forEach((_, d) => {
        expect(best(table, d, 0)).toMatch(/^uaf-(hard|soft|rl)/);
        expect(best(table, d, 1)).toMatch(/^uaf-(hard|soft|rl)/);
      });
    }
  });

  it('lose with a tenth of the training data', () => {
    for (const [method, pairs] of Object.entries(COLD_REC_TENTH.rows)) {
      pairs.forEach((pair, d) => {
        pair.forEach((value, m) => {
          expect(value).toBeLessThan(COLD_REC.rows[method][d][m]);
        });
      });
    }
  });

  it('make one of the trained ways no better than starting anew on ColdRec-3: Finetune-CLS is the worst there', () => {
    const values = Object.entries(COLD_REC.rows).map(([id, pairs]) => ({ id, hr: pairs[2][1] }));
    expect(values.reduce((a, b) => (b.hr < a.hr ? b : a)).id).toBe('finetune-cls');
  });

  it('are found by the name of a dataset', () => {
    expect(publishedName(COLD_REC, 'coldrec2')).toBe('ColdRec-2');
    expect(publishedName(COLD_REC, 'my ColdRec-2 copy')).toBeUndefined();
    expect(publishedValue(COLD_REC, 'uaf-random', 'ColdRec-4', 'HR@5')).toBe(0.3587);
    expect(publishedValue(PROFILES, 'uaf-hard', 'LifeEst', 'macroF1')).toBe(0.2733);
    expect(publishedValue(COLD_REC, 'most-popular', 'ColdRec-4', 'HR@5')).toBeUndefined();
    expect(printed(0.215)).toBe('.2150');
  });

  it('have sizes for each of their datasets', () => {
    expect(SIZES.map(({ name }) => name)).toEqual([...COLD_REC.datasets, ...PROFILES.datasets]);
    // ColdRec-3 is the one small dataset, of little more targets than users.
    expect(SIZES.toSorted((a, b) => a.targetInstances - b.targetInstances)[0].name).toBe('ColdRec-3');
  });
});
