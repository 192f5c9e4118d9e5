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
  it('are those of the paper', () => {
    // As they stand in its text, by row: pairs of each dataset.
    const written = (table: PublishedTable, method: string) =>
      table.rows[method].map((pair) => pair.map(printed).join(' ')).join(', ');
    const rows: [PublishedTable, Record<string, string>][] = [
      [
        COLD_REC,
        {
          'finetune-zero': '.2332 .4013, .3632 .5464, .1174 .2150, .1929 .3257',
          'finetune-cls': '.2419 .4124, .3712 .5547, .0909 .1657, .1935 .3283',
          'finetune-last-1': '.2546 .4307, .3864 .5724, .1062 .1918, .2032 .3433',
          'finetune-last-2': '.2575 .4337, .3885 .5753, .1176 .2118, .2073 .3485',
          'finetune-all': '.2565 .4345, .3880 .5758, .1185 .2192, .2077 .3495',
          mtl: '.2410 .4114, .3633 .5468, .1169 .2181, .2093 .3527',
          peterrec: '.2578 .4356, .3886 .5763, .0993 .1795, .2117 .3550',
          'uaf-random': '.2562 .4346, .3917 .5796, .1172 .2158, .2123 .3587',
          'uaf-hard': '.2594 .4378, .3940 .5824, .1190 .2212, .2151 .3640',
          'uaf-soft': '.2600 .4397, .3939 .5841, .1209 .2189, .2140 .3613',
          'uaf-rl': '.2599 .4386, .3942 .5837, .1196 .2197, .2142 .3619',
          'uaf-hard-gru': '.2591 .4382, .3943 .5836, .1186 .2204, .2159 .3634',
          'uaf-soft-gru': '.2598 .4389, .3941 .5845, .1217 .2220, .2151 .3627',
          'uaf-rl-gru': '.2597 .4381, .3940 .5833, .1199 .2201, .2146 .3625',
        },
      ],
      [
        COLD_REC_TENTH,
        {
          'finetune-zero': '.1624 .2970, .2766 .4362',
          'finetune-all': '.1857 .3366, .2915 .4533',
          peterrec: '.1999 .3562, .2938 .4557',
          'uaf-hard': '.2120 .3714, .3025 .4651',
          'uaf-soft': '.2108 .3704, .3021 .4649',
          'uaf-rl': '.2125 .3721, .3023 .4655',
        },
      ],
      [
        PROFILES,
        {
          'finetune-cls': '.8882 .7770, .5717 .2747, .5165 .2471',
          'finetune-all': '.9042 .8205, .6221 .3457, .5227 .2670',
          peterrec: '.9040 .8184, .6163 .3338, .5342 .2616',
          'uaf-hard': '.9051 .8220, .6243 .3481, .5491 .2733',
          'uaf-soft': '.9048 .8215, .6259 .3496, .5484 .2728',
          'uaf-rl': '.9049 .8217, .6250 .3487, .5478 .2725',
        },
      ],
    ];
    for (const [table, expected] of rows)
      expect(Object.fromEntries(Object.keys(table.rows).map((method) => [method, written(table, method)]))).toEqual(expected);
  });

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
