import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunStatus, StudioDatabase } from './database.ts';
import { requeue } from './queue.ts';
import { datasetRow, runRow } from './testing.ts';
import { failRun, isBegun, isThrownAway, pauseRun, resumeRun, stopRun, untilEnded } from './trained.ts';

let database: StudioDatabase;

async function open(status: RunStatus) {
  database = new StudioDatabase('final');
  await database.datasets.put(datasetRow());
  await database.runs.put(runRow(1, {}, { status, startedAt: 1, finishedAt: 2 }));
}
const status = async () => (await database.runs.get(1))?.status;

afterEach(() => database.delete());

const ALL: readonly RunStatus[] = ['held', 'queued', 'running', 'paused', 'finished', 'stopped', 'failed', 'interrupted'];

describe.each(['finished', 'stopped', 'failed'] as const)('a run that is %s', (final) => {
  it.each(ALL.filter((other) => other !== final))('never becomes %s by a late write', async (late) => {
    await open(final);
    const refusal = { name: 'FinalStatusError' };
    await expect(database.runs.update(1, { status: late })).rejects.toMatchObject(refusal);
    await expect(database.runs.put(runRow(1, {}, { status: late, finishedAt: 3 }))).rejects.toMatchObject(refusal);
    await expect(database.runs.toCollection().modify({ status: late })).rejects.toThrow();
    expect(await status()).toBe(final);
  });

  it('is left alone by late commands, and may be written otherwise', async () => {
    await open(final);
    for (const command of [pauseRun, resumeRun, stopRun]) expect(await command(database, 1)).toBe(0);
    expect(await failRun(database, 1, { name: 'E', message: 'late' })).toBe(0);
    await database.runs.update(1, { error: { name: 'E', message: 'what is not saved' } });
    expect(await database.runs.get(1)).toMatchObject({ status: final, error: { name: 'E' } });
  });

  it('is queued again by hand where it has no result', async () => {
    await open(final);
    await requeue(database, [1], 'checkpoint');
    expect(await status()).toBe(final === 'finished' ? 'finished' : 'queued');
  });
});

it('goes on where it may: what is interrupted is no end', async () => {
  await open('interrupted');
  await database.runs.update(1, { status: 'queued' });
  expect(await status()).toBe('queued');
});

it('has begun once stopping it would throw something away', async () => {
  await open('running');
  expect(await isBegun(database, 1)).toBe(false);
  await database.runs.update(1, { pretraining: [{ epoch: 1, loss: 3 }] });
  expect(await isBegun(database, 1)).toBe(true);
  await database.runs.update(1, { pretraining: [] });
  const saved = { file: 'f', bytes: 1, checksum: 1, savedAt: 1, stage: 'fine-tuning', epoch: 1, step: 2 } as const;
  await database.checkpoints.put({ runId: 1, ...saved });
  expect(await isBegun(database, 1)).toBe(true);
  expect(await stopRun(database, 1)).toBe(1);
  expect(await isBegun(database, 1)).toBe(false);
});

it('is waited for until it is trained no more', async () => {
  await open('running');
  let isOver = false;
  const over = untilEnded(database, 1).then(() => {
    isOver = true;
  });
  await pauseRun(database, 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isOver).toBe(false);
  await failRun(database, 1, { name: 'DeviceLostError', message: 'gone' });
  await over;
  await requeue(database, [1], 'checkpoint');
  expect(await status()).toBe('queued');
});

it('knows which runs the user has thrown away', async () => {
  await open('running');
  await database.runs.bulkPut([runRow(11, {}, { status: 'stopped' }), runRow(12, {}, { status: 'failed' })]);
  expect(await Promise.all([11, 12, 13].map((id) => isThrownAway(database, id)))).toEqual([true, false, true]);
});
