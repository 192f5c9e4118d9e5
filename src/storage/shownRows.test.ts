import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { emptyExperiment } from '../experiments/templates.ts';
import { addDataset, type RunRow, StudioDatabase } from './database.ts';
import { shownExperiment } from './shownRows.ts';
import { takeInExperiment } from './takeInModel.ts';

const EVIL = 'books \u202e evil';
const SHOWN = 'books \ufffd evil';
const long = 'A sentence that goes on. '.repeat(40);

let database: StudioDatabase;
beforeEach(() => {
  database = new StudioDatabase('shown');
});
afterEach(() => database.delete());

describe('names that would turn the words around them', () => {
  it('are seen wherever a dataset is read, with all else as it was stored', async () => {
    const dataset = { ...simulate({ ...SIMULATOR_DEFAULTS, users: 20 }), name: EVIL };
    const id = await addDataset(database, { ...dataset, origin: { kind: 'files', files: [EVIL, 'b.csv'] } }, [EVIL, long]);
    const row = await database.datasets.get(id);
    expect(row).toMatchObject({ name: SHOWN, notes: [SHOWN, long], origin: { files: [SHOWN, 'b.csv'] } });
    expect(row?.figures).toEqual(dataset.figures);
    expect(await database.datasets.toArray()).toEqual([row]);
    expect(await database.datasets.toCollection().first()).toEqual(row);
    expect(await database.datasets.bulkGet([id])).toEqual([row]);
    await database.datasets.update(id, { name: `${EVIL}!` });
    expect((await database.datasets.get(id))?.name).toBe(`${SHOWN}!`);
  });

  it('are seen of runs and experiments, and what is damaged stays as it is', async () => {
    const runs = [
      { datasetName: EVIL, search: EVIL, elsewhere: { experiment: EVIL }, result: { classes: [EVIL, 'b'] } },
      { datasetName: 'b', search: null, result: null },
      { datasetName: 7, elsewhere: 'x' },
    ];
    for (const run of runs) await database.runs.add(run as Partial<RunRow> as RunRow);
    expect(await database.runs.toArray()).toEqual([
      { id: 1, datasetName: SHOWN, search: SHOWN, elsewhere: { experiment: SHOWN }, result: { classes: [SHOWN, 'b'] } },
      { id: 2, ...runs[1] },
      { id: 3, ...runs[2] },
    ]);
    const experiment = { ...emptyExperiment('quick'), name: EVIL, variants: [{ name: EVIL, changes: {}, methods: null }] };
    const id = await database.experiments.add({ createdAt: 1, experiment });
    expect((await database.experiments.get(id))?.experiment).toMatchObject({ name: SHOWN, variants: [{ name: SHOWN }] });
  });

  it('are seen of an experiment from a file or link before it is stored, and it is the same as the stored one', async () => {
    const written = {
      ...emptyExperiment('quick'),
      name: EVIL,
      methods: ['uaf-rl'],
      variants: [{ name: EVIL, changes: {}, methods: null }],
    };
    expect(shownExperiment(written)).toMatchObject({ name: SHOWN, variants: [{ name: SHOWN }] });
    expect(await takeInExperiment(database, written)).toMatchObject({ known: false });
    expect(await takeInExperiment(database, written)).toMatchObject({ known: true });
  });
});
