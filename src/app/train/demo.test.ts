import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RunRow, StudioDatabase } from '../../storage/database.ts';
import { datasetRow, resultRow, runRow } from '../../storage/testing.ts';
import { demoStand } from './demo.ts';

const row = datasetRow({
  origin: { kind: 'simulated', scenario: 'open', seed: 1 },
  settings: { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 },
  timed: true,
});
const result = resultRow({ n: 1, sampled: {}, all: {}, standardError: { sampled: {}, all: {} } });
const finished = (id: number, method: string, seed = 1): RunRow =>
  runRow(id, { method, seed }, { scenario: 'open', status: 'finished', finishedAt: 1, result });

let database: StudioDatabase;
beforeEach(() => {
  database = new StudioDatabase('demo');
});
afterEach(() => database.delete());

it('knows how the demo stands among many runs, and reads each of them once', async () => {
  const others = Array.from({ length: 250 }, (_, i) => finished(i + 1, 'uaf-hard', 1000 + i));
  const demo = ['most-popular', 'finetune-all', 'uaf-hard', 'uaf-soft'].map((method, i) => finished(300 + i, method));
  await database.runs.bulkAdd([...others, ...demo.slice(1), runRow(400, {}, { datasetId: 2 })]);
  const read = new Map<number, RunRow | null>();
  expect(await demoStand(database, row, read)).toEqual({ isDone: false, isWaiting: false });
  expect(read.size).toBe(253);
  await database.runs.bulkAdd([demo[0], runRow(401)]);
  await database.runs.update(1, { position: -1 });
  expect(await demoStand(database, row, read)).toEqual({ isDone: true, isWaiting: true });
  expect(read.size).toBe(254);
  await database.runs.delete(300);
  expect(await demoStand(database, row, read)).toEqual({ isDone: false, isWaiting: true });
});

it('reads no further once all runs of the demo are found', async () => {
  const demo = ['most-popular', 'finetune-all', 'uaf-hard', 'uaf-soft'].map((method, i) => finished(1 + i, method));
  await database.runs.bulkAdd([...demo, ...Array.from({ length: 250 }, (_, i) => finished(i + 10, 'mtl'))]);
  const read = new Map<number, RunRow | null>();
  expect((await demoStand(database, row, read)).isDone).toBe(true);
  expect(read.size).toBeLessThanOrEqual(100);
});
