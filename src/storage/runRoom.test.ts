import 'fake-indexeddb/auto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Configuration } from '../configuration/schema.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { readState } from '../engine/checkpoint/format.ts';
import { readWasm } from '../engine/node.ts';
import { locks, queueRun } from '../services/testing.ts';
import { trainingService } from '../services/trainingService.ts';
import { addDataset, type DatasetRow, StudioDatabase } from './database.ts';
import type { FileStore } from './files.ts';
import { roomOfDataset, roomOfFiles } from './importRoom.ts';
import { type Room, Scales } from './measure.ts';
import { rowFiles } from './rowFiles.ts';
import { lastingOf, modelValues, roomOfRuns, trainedValues } from './runRoom.ts';

/** Enough for values to weigh more than the names of tensors. */
const CHANNELS = 48;
const METHODS = [
  'most-popular',
  'finetune-last-1',
  'mtl',
  'finetune-cls',
  'finetune-all',
  'peterrec',
  'uaf-random',
  'uaf-hard',
  'uaf-soft',
  'uaf-rl-gru',
];

const database = new StudioDatabase('room of runs');
const data = simulate({ ...SIMULATOR_DEFAULTS, users: 60 });
let dataset: DatasetRow;
let configurations: Configuration[];
let room: Room;

const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);

/** Of each method, and of pre-training: bytes of its largest checkpoint, and of its tensors by role. */
const checkpoints = new Map<string, { readonly bytes: number; readonly roles: ReadonlyMap<string, number> }>();
/** The most that lay in the store at a time. */
let peak = 0;

/** A file store that looks at each checkpoint that is finished. */
const noting = (files: FileStore): FileStore => ({
  ...files,
  create: async (kind) => {
    const file = await files.create(kind);
    const finish = async () => {
      const { numbers, tensors } = readState(file);
      const running = await database.runs.where({ status: 'running' }).first();
      const name = numbers.position.stage === 'pretraining' ? 'pretraining' : running?.configuration.method;
      const roles = new Map<string, number>();
      for (const { role, shape } of tensors) roles.set(role, (roles.get(role) ?? 0) + shape.reduce((a, b) => a * b, 1));
      if (name !== undefined && file.size >= (checkpoints.get(name)?.bytes ?? 0))
        checkpoints.set(name, { bytes: file.size, roles });
      await file.finish();
      peak = Math.max(peak, sum((await files.list()).map(({ bytes }) => bytes)));
    };
    return Object.assign(Object.create(file), { finish });
  },
});

/** Small runs, really trained. */
beforeAll(async () => {
  const id = await addDataset(database, data);
  for (const [i, method] of METHODS.entries())
    await queueRun(database, id, i, { method, channels: CHANNELS, 'fineTuning.epochs': 3 });
  const files = noting(rowFiles(database));
  const training = trainingService({
    database,
    readWasm,
    startThread: null,
    locks: locks(false),
    files: () => Promise.resolve(files),
  });
  // As often as it can: the first and the last of each stage are among them.
  await training.listen(() => void training.save());
  await training.work('auto');
  dataset = (await database.datasets.get(id)) as DatasetRow;
  const runs = await database.runs.toArray();
  expect(runs.map(({ status }) => status)).toEqual(METHODS.map(() => 'finished'));
  configurations = runs.map(({ configuration }) => configuration);
  room = await new Scales(database, async () => rowFiles(database)).measure();
}, 60_000);
afterAll(() => database.delete());

describe('the room that runs take', () => {
  it('is foretold as it is measured afterwards', () => {
    const foretold = roomOfRuns([{ dataset, configurations }], [], false);
    const { runs, datasets } = room;
    // The policies of the best epoch stand among the ranks once more.
    const best = METHODS.filter((method) => method.startsWith('uaf')).length * 60 * 2;
    expect(foretold.policies).toBe(sum(runs.map(({ policies, otherPolicies }) => policies + otherPolicies)) + best);
    const near = (value: number, measured: number, tolerance: number) => {
      expect(value / measured).toBeGreaterThan(1 - tolerance);
      expect(value / measured).toBeLessThan(1 + tolerance);
    };
    // In models as small as these the names of tensors weigh something, too.
    near(foretold.models, sum(runs.map(({ model }) => model)), 0.1);
    near(foretold.pretrained, sum(datasets.map(({ pretrained }) => pretrained)), 0.1);
    near(foretold.records, sum(runs.map(({ record }) => record)), 0.25);
    near(
      lastingOf(foretold),
      sum(runs.map(({ record, policies, otherPolicies, ranks, model }) => record + policies + otherPolicies + ranks + model)) +
        datasets[0].pretrained,
      0.15,
    );
  });

  it('counts each value of a model', async () => {
    for (const run of await database.runs.toArray())
      expect([run.configuration.method, modelValues(run.configuration, dataset.figures)]).toEqual([
        run.configuration.method,
        run.result?.cost?.parameters,
      ]);
  });

  it('counts what of a checkpoint is trained', () => {
    for (const configuration of configurations) {
      const roles = checkpoints.get(configuration.method)?.roles;
      if (configuration.method === 'most-popular') continue;
      const trained = trainedValues(configuration, dataset.figures);
      const found = ['parameter', 'first', 'second', 'best'].map((role) => roles?.get(role));
      const expected = [modelValues(configuration, dataset.figures), trained, trained, trained];
      expect([configuration.method, ...found]).toEqual([configuration.method, ...expected]);
    }
  });

  it('foretells the largest checkpoints, with the one before them', async () => {
    const kept = await database.pretrainings.toCollection().primaryKeys();
    const near = (foretold: number, bytes: number, name: string) => {
      // At most, as it says, and not much more.
      expect(foretold / (2 * bytes), name).toBeGreaterThanOrEqual(1);
      expect(foretold / (2 * bytes), name).toBeLessThan(1.1);
    };
    for (const configuration of configurations) {
      const { method } = configuration;
      if (method === 'most-popular') continue;
      const { checkpoint } = roomOfRuns([{ dataset, configurations: [configuration] }], kept, false);
      near(checkpoint, checkpoints.get(method)?.bytes ?? Number.NaN, method);
    }
    const [plain] = configurations.filter(({ method }) => method === 'finetune-cls');
    const { checkpoint } = roomOfRuns([{ dataset, configurations: [plain] }], [], false);
    near(checkpoint, checkpoints.get('pretraining')?.bytes ?? Number.NaN, 'pretraining');
    near(roomOfRuns([{ dataset, configurations }], [], false).checkpoint, peak / 2, 'all');
  });

  it('counts a pre-trained model once, and not where it is here', async () => {
    const kept = await database.pretrainings.toCollection().primaryKeys();
    const alone = roomOfRuns([{ dataset, configurations: configurations.slice(-1) }], [], false);
    expect(roomOfRuns([{ dataset, configurations }], [], false).pretrained).toBe(alone.pretrained);
    expect(roomOfRuns([{ dataset, configurations }], kept, false).pretrained).toBe(0);
  });

  it('keeps one model a method of a search', () => {
    const [one] = configurations.slice(-1);
    const single = roomOfRuns([{ dataset, configurations: [one] }], [], true);
    const search = roomOfRuns([{ dataset, configurations: [one, one, one] }], [], true);
    expect(search.models).toBe(single.models);
    expect(search.policies).toBe(3 * single.policies);
  });
});

describe('the room that an import takes', () => {
  it('is less than what is foretold from the files, and near what is foretold from the figures', () => {
    const [{ contents }] = room.datasets;
    expect(roomOfDataset(data.figures) / contents).toBeGreaterThan(0.6);
    expect(roomOfDataset(data.figures) / contents).toBeLessThan(1.4);
    const lines = Array.from(
      data.source.values.subarray(0, data.source.values.length),
      (item) => `user-12,${data.sourceItems[item]},1600000000\n`,
    ).join('');
    expect(roomOfFiles([{ name: 'a.csv', size: lines.length }])).toBeGreaterThan(contents / 2);
    expect(roomOfFiles([{ name: 'a.csv.gz', size: 10 }])).toBeGreaterThan(roomOfFiles([{ name: 'a.csv', size: 10 }]));
  });
});
