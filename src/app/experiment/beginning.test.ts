import { describe, expect, it } from 'vitest';
import type { RunResultRow } from '../../storage/database.ts';
import { beginning } from './beginning.ts';
import { DATASET, runRow } from './testing.ts';

const other = { ...DATASET, id: 2, name: 'other' };
const finished = (id: number, changes: Record<string, unknown>) =>
  runRow(id, { dataset: DATASET.settings, ...changes }, { status: 'finished', result: {} as RunResultRow });
const small = { channels: 8, adapterWidth: 2, 'fineTuning.epochs': 2, temperature: 3 };
const begin = (template: string, runs: ReturnType<typeof finished>[]) =>
  beginning({ template, on: [] }, [other, DATASET], other.id, { run: runs[0], finished: runs });

describe('a plan that begins like a run', () => {
  it('has its dataset, its settings and the seeds that are there', () => {
    const runs = [
      finished(1, { ...small, method: 'uaf-hard', seed: 4 }),
      // A method that does not read the temperature, and other settings.
      finished(2, { ...small, temperature: 10, method: 'finetune-all', seed: 7 }),
      finished(3, { ...small, channels: 16, adapterWidth: 4, seed: 9 }),
    ];
    const { experiment, datasetIds } = begin('table-2', runs);
    expect(datasetIds).toEqual([DATASET.id]);
    expect(experiment.changes).toEqual({ channels: 8, 'fineTuning.epochs': 2, temperature: 3 });
    expect(experiment.seeds).toEqual([1, 2, 3, 4, 7]);
  });

  it('keeps what its template varies', () => {
    const { experiment } = begin('temperature', [finished(1, small)]);
    expect(experiment.grid.map(({ key }) => key)).toContain('temperature');
    expect(experiment.changes).not.toHaveProperty('temperature');
    expect(experiment.changes).toHaveProperty('channels', 8);
  });

  it('is as without it where its dataset cannot be trained on', () => {
    const { experiment, datasetIds } = beginning({ template: 'table-2', on: [] }, [other], other.id, {
      run: finished(1, small),
      finished: [],
    });
    expect([experiment.changes, experiment.seeds, datasetIds]).toEqual([{}, [1, 2, 3], [other.id]]);
  });
});
