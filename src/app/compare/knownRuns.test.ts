import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { StudioDatabase } from '../../storage/database.ts';
import { knownRuns } from './knownRuns.ts';
import { runRow } from './testing.ts';

it('keeps what it knows of runs of which nothing changed that is shown', async () => {
  const database = new StudioDatabase('known');
  await database.runs.bulkAdd([runRow({ id: 1 }), runRow({ id: 2, status: 'running' })]);
  const first = await knownRuns(database, []);
  expect(first.map(({ run }) => run.id)).toEqual([1, 2]);

  await database.runs.update(2, { position: 9, pretraining: [{ epoch: 1, trainLoss: 1, validation: null }] });
  expect(await knownRuns(database, first)).toBe(first);

  await database.runs.update(2, { status: 'stopped' });
  const second = await knownRuns(database, first);
  expect(second[0]).toBe(first[0]);
  expect(second[1].run.status).toBe('stopped');

  await database.runs.delete(1);
  expect(await knownRuns(database, second)).toEqual([second[1]]);
});
