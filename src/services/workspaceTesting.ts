import { makeZip } from 'client-zip';
import { expect } from 'vitest';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { wholeOf } from '../data/zip/contents.ts';
import { crc32 } from '../data/zip/crc32.ts';
import { endOf, entriesAt, type Sliced, slicedBlob } from '../data/zip/directory.ts';
import { readWasm } from '../engine/node.ts';
import { addDataset, StudioDatabase } from '../storage/database.ts';
import { addExperiment } from '../storage/experiments.ts';
import type { FileStore } from '../storage/files.ts';
import { rowFiles } from '../storage/rowFiles.ts';
import { mappingRow, runRow } from '../storage/testing.ts';
import { storageService } from './storageService.ts';
import { locks, queueRun, sharedLocks } from './testing.ts';
import { trainingService } from './trainingService.ts';

const opened: StudioDatabase[] = [];

/** To be called after each test: what it opened is gone. */
export async function closeOpened(): Promise<void> {
  for (const database of opened.splice(0)) await database.delete();
}

/** A studio of its own. @param wrap what it sees of its files */
export function open(name: string, locks = sharedLocks(), wrap = (files: FileStore) => files) {
  const database = new StudioDatabase(name);
  opened.push(database);
  const files = rowFiles(database);
  const used = wrap(files);
  const service = storageService({ database, files: async () => used, locks, platform: 'test', usage: async () => null });
  return { database, files, service };
}

export const nothing = () => {};

export async function value<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; problem: { message: string } }>,
): Promise<T> {
  const found = await answer;
  if (!found.ok) throw new Error(found.problem.message);
  return found.value;
}

/** A workspace with everything in it: finished, failed, waiting and interrupted runs, an experiment, a checkpoint, settings. */
export async function fullWorkspace() {
  const there = open('there');
  // It stays as long as the tests go on.
  opened.length = 0;
  const { database, files, service } = there;
  // Numbers differ from those of any new workspace.
  const gone = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 20 }));
  const datasetId = await addDataset(database, simulate({ ...SIMULATOR_DEFAULTS, users: 40 }), ['A note.']);
  await database.datasets.delete(gone);
  await database.contents.delete(gone);
  await queueRun(database, datasetId, 1, { method: 'uaf-hard' });
  await queueRun(database, datasetId, 2, { method: 'finetune-all', 'fineTuning.learningRate': 1e30 });
  const training = trainingService({ database, readWasm, startThread: null, locks: locks(false) });
  await training.work('auto');
  const dataset = await database.datasets.get(datasetId);
  if (dataset === undefined) throw new Error('no dataset');
  const experiment = {
    version: 1 as const,
    name: 'e',
    question: null,
    preset: 'quick' as const,
    changes: {},
    methods: ['finetune-all'],
    seeds: [1],
    grid: [],
    variants: [],
  };
  await addExperiment(database, experiment, [{ dataset, configurations: [runRow(1, { method: 'finetune-all' }).configuration] }]);
  const { id: _id, ...interrupted } = runRow(9, { method: 'uaf-soft' }, { datasetId, status: 'interrupted', createdAt: 99 });
  const runId = await database.runs.add(interrupted);
  const file = await files.create('checkpoint');
  file.write(
    Uint8Array.from({ length: 300_000 }, (_, i) => i),
    0,
  );
  await file.finish();
  await database.checkpoints.add({
    runId,
    file: file.name,
    bytes: file.size,
    checksum: 7,
    savedAt: 5,
    stage: 'fine-tuning',
    epoch: 1,
    step: 3,
  });
  await database.settings.add({ name: 'variant on a GPU', value: 'register 4×8' });
  await database.mappings.add(mappingRow);
  const exported = await value(service.exportWorkspace(null, datasetId, nothing));
  expect(exported.leftOut).toEqual([]);
  const blob = exported.blob as Blob;
  expect(exported.bytes).toBe(blob.size);
  return { there, blob };
}

/** All rows of a database as pages read them, without numbers. */
export async function everythingIn(database: StudioDatabase) {
  const names = new Map((await database.datasets.toArray()).map(({ id, name, figures }) => [id, `${name} ${figures.instances}`]));
  const experiments = new Map((await database.experiments.toArray()).map(({ id, experiment }) => [id, experiment.name]));
  const files = rowFiles(database);
  const runs = [];
  for (const row of (await database.runs.toArray()).sort((a, b) => a.createdAt - b.createdAt || a.position - b.position)) {
    const { id, datasetId, experimentId, datasetName: _name, position: _position, elsewhere: _elsewhere, ...rest } = row;
    const without = <R extends { runId: number }>({ runId: _runId, ...part }: R) => part;
    const checkpoint = await database.checkpoints.get(id);
    const saved = checkpoint === undefined ? null : await files.open(checkpoint.file);
    const bytes = new Uint8Array(saved?.size ?? 0);
    saved?.read(bytes, 0);
    runs.push({
      ...rest,
      dataset: names.get(datasetId),
      experiment: experiments.get(experimentId ?? -1),
      epochs: (await database.epochs.where({ runId: id }).toArray()).map(without),
      policies: (await database.policies.where({ runId: id }).toArray()).map(without),
      outcome: (await database.outcomes.where({ runId: id }).toArray()).map(without),
      model: (await database.models.where({ runId: id }).toArray()).map(without),
      checkpoint: checkpoint && { ...without(checkpoint), file: null },
      saved: [bytes.length, crc32(bytes)],
    });
  }
  return {
    datasets: (await database.datasets.toArray()).map(({ id: _id, ...row }) => row),
    contents: (await database.contents.toArray()).map(({ dataset }) => dataset),
    pretrainings: (await database.pretrainings.toArray()).map(({ datasetId, ...row }) => ({ ...row, of: names.get(datasetId) })),
    experiments: (await database.experiments.toArray()).map(({ id: _id, ...row }) => row),
    settings: await database.settings.toArray(),
    mappings: await database.mappings.toArray(),
    runs,
  };
}

export const listed = async (zip: Sliced) => entriesAt(zip, await endOf(zip));

/** The entries of a zip, to be written anew with changes. */
export async function unpacked(file: Blob): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const entries: Record<string, Uint8Array<ArrayBuffer>> = {};
  const zip = slicedBlob(file);
  for (const entry of await listed(zip)) entries[entry.path] = await wholeOf(zip, entry, 1e9);
  return entries;
}

export const packed = (entries: Record<string, Uint8Array>) =>
  new Response(makeZip(Object.entries(entries).map(([name, input]) => ({ name, input })))).blob();

/** A copy of a file store in which something happens when a file that is being written is finished. */
export const whenFinished = (files: FileStore, then: () => Promise<void>): FileStore => ({
  ...files,
  create: async (kind) => {
    const file = await files.create(kind);
    const finish = async () => {
      await file.finish();
      await then();
    };
    return Object.assign(Object.create(file), { finish });
  },
});
