import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import type { RunRow } from '../../storage/database.ts';
import { comparableRuns, orderNamed, visible } from './order.ts';

const groupings = [
  { key: 'length', label: 'sequence length', planted: false, groups: ['1 item'] },
  { key: 'own kind', label: 'kind', planted: true, groups: ['a', 'b'] },
];

describe('order of rows', () => {
  it('never goes by what was planted before it is asked for', () => {
    expect(orderNamed('own kind', visible(groupings, false), null)).toEqual({ by: 'similar' });
    expect(orderNamed('own kind', visible(groupings, true), null)).toEqual({ by: 'group', grouping: 'own kind' });
  });

  it('goes by the change of ranks only where there is a run to compare with', () => {
    expect(orderNamed('change', [], null)).toEqual({ by: 'similar' });
    expect(orderNamed('change', [], 4)).toEqual({ by: 'change', against: 4 });
  });

  it('is compared with runs on the same test instances, Finetune-All first', () => {
    const run = (id: number, changes: Record<string, unknown>) =>
      ({
        id,
        datasetId: 1,
        configuration: complete(PRESETS.quick, nest(changes)),
        result: { test: { sampled: {} } },
      }) as RunRow;
    const runs = [
      run(1, { method: 'finetune-all' }),
      run(2, { method: 'uaf-hard' }),
      run(3, { method: 'mtl' }),
      run(4, { method: 'finetune-all', 'dataset.splitSeed': 9 }),
    ];
    expect(comparableRuns(runs[1], runs).map(({ id }) => id)).toEqual([1, 3]);
  });
});
