import 'fake-indexeddb/auto';
import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instancesOf, rowOf } from '../data/dataset.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { openBackend } from '../engine/backend.ts';
import { readWasm } from '../engine/node.ts';
import { addDataset, deleteRuns, StudioDatabase } from '../storage/database.ts';
import { gateOf } from '../storage/policies.ts';
import { unwrap } from './clients.ts';
import { inspectionService } from './inspectionService.ts';
import type { InspectionService } from './protocol.ts';
import { Shelf } from './shelf.ts';
import { locks, queueRun } from './testing.ts';
import { trainingService } from './trainingService.ts';

const dataset = { ...simulate({ ...SIMULATOR_DEFAULTS, users: 60 }), targetNames: null };
let database: StudioDatabase;
let runId: number;
let clsRunId: number;
let inspection: InspectionService;

beforeEach(async () => {
  database = new StudioDatabase('inspection');
  const datasetId = await addDataset(database, dataset);
  runId = await queueRun(database, datasetId, 1, { method: 'uaf-hard', dilations: [1, 1] });
  clsRunId = await queueRun(database, datasetId, 2, { method: 'finetune-cls', dilations: [1, 1] });
  await trainingService({ database, readWasm, startThread: null, locks: locks(false) }).work('auto');
  inspection = inspectionService({ database, readWasm });
});
afterEach(() => database.delete());

const FIRST = { user: dataset.users[0] };
const UNKNOWN = { item: 99_999, instance: null };

describe('inspection service', () => {
  it('says what the model is, and what its two networks can see', async () => {
    expect(unwrap(await inspection.open(runId))).toEqual({
      blocks: 2,
      kind: 'hard',
      task: 'ranking',
      sequenceLength: 17,
      trunkSees: 13,
      policySees: 17,
      users: 60,
      // The catalogue of 60 users is smaller than 100.
      candidates: dataset.targetItems.length,
      targetItems: dataset.targetItems.length,
    });
  });

  it('looks at a user as the run saw them', async () => {
    const outcome = await database.outcomes.get(runId);
    if (outcome?.policies == null || 'predicted' in outcome.outcomes) throw new Error('a run of UAF-Hard has both');
    const view = unwrap(await inspection.look(runId, { user: dataset.users[3] }));
    expect(view.gate).toEqual(Array.from(outcome.policies.subarray(6, 8), gateOf));
    expect(view.items.map(({ number }) => number)).toEqual(Array.from(rowOf(dataset.source, 3)));
    expect(view.items[0].id).toBe(dataset.sourceItems[view.items[0].number]);
    expect(view.targets.map(({ item }) => item.number)).toEqual(Array.from(rowOf(dataset.targets, 3)));
    expect([view.previous, view.next]).toEqual([dataset.users[2], dataset.users[4]]);
    expect(view.attributes).toEqual([{ name: 'kind', value: expect.stringMatching(/steady|nostalgic/), planted: true }]);
    // The parts are the run's: exactly the tested instances are called so, and have the ranks it stored.
    let tested = 0;
    for (const user of dataset.users) {
      const { gate, targets } = unwrap(await inspection.look(runId, { user }));
      for (const { item, instance, part } of targets) {
        const at = outcome.instances.indexOf(instance);
        expect(part === 'test').toBe(at >= 0);
        if (at < 0) continue;
        tested++;
        const wanted = { item: item.number, instance };
        const [{ target }] = unwrap(await inspection.recommend(runId, { user }, [gate], wanted));
        expect(target).toMatchObject({ rankAll: outcome.outcomes.all[at], rankSampled: outcome.outcomes.sampled[at] });
      }
    }
    expect(tested).toBe(outcome.instances.length);
  });

  it('reads a sequence composed by hand like a user’s', async () => {
    const sequence = Array.from(rowOf(dataset.source, 5));
    const own = unwrap(await inspection.look(runId, { user: dataset.users[5] }));
    const composed = unwrap(await inspection.look(runId, { sequence }));
    expect(composed).toMatchObject({ id: null, gate: own.gate, probability: own.probability, items: own.items, targets: [] });
    const [recommended] = unwrap(await inspection.recommend(runId, { sequence }, [[1, 0]], { item: 2, instance: null }));
    expect(recommended.target?.rankSampled).toBeNull();
    expect(recommended.items.map(({ id }) => id)).toEqual(recommended.top.map(({ item }) => dataset.targetItems[item]));
  });

  it('finds users and items by what they are called', async () => {
    expect(unwrap(await inspection.findUsers(runId, dataset.users[59]))).toEqual([dataset.users[59]]);
    expect(unwrap(await inspection.findUsers(runId, 'nobody'))).toEqual([]);
    expect(unwrap(await inspection.findUsers(runId, ''))).toHaveLength(20);
    const [first] = unwrap(await inspection.findItems(runId, 'target', dataset.targetItems[7].toUpperCase()));
    expect(first).toMatchObject({ number: 7, id: dataset.targetItems[7] });
    expect(unwrap(await inspection.findItems(runId, 'source', ''))[0].number).toBe(1);
  });

  it('finds users with the same policy, and the nearest by vector', async () => {
    const { samePolicy, nearest, among } = unwrap(await inspection.similar(runId, dataset.users[0]));
    expect(among).toBe(60);
    expect(nearest).toHaveLength(8);
    expect(nearest.map(({ cosine }) => cosine)).toEqual(nearest.map(({ cosine }) => cosine).toSorted((a, b) => b - a));
    expect(nearest[0].cosine).toBeLessThanOrEqual(1 + 1e-6);
    for (const { id } of nearest) expect(id).not.toBe(dataset.users[0]);
    const own = unwrap(await inspection.look(runId, { user: dataset.users[0] })).gate;
    for (const id of samePolicy.ids) expect(unwrap(await inspection.look(runId, { user: id })).gate).toEqual(own);
  });

  it('measures whether the policy matters, until it is told to stop', async () => {
    const { rows } = unwrap(await inspection.effects(runId, 1000, () => {}));
    expect(rows.map(({ gates }) => gates)).toEqual(['own', 'opposite', 'shuffled', 'frozen', 'tuned', 'hindsight']);
    const stopped = inspection.effects(runId, 1000, () => inspection.stop());
    expect(await stopped).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
    // Also while the model is still being loaded.
    const fresh = inspectionService({ database, readWasm });
    const early = fresh.effects(runId, 1000, () => {});
    await fresh.stop();
    expect(await early).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
    const { groups } = unwrap(await inspection.resemblance(runId, clsRunId));
    const tested = (await database.outcomes.get(clsRunId))?.instances.map((instance) => instancesOf(dataset).user[instance]);
    expect(groups.reduce((sum, { users }) => sum + users, 0)).toBe(new Set(tested).size);
  });

  it.each([
    ['an unknown user', () => inspection.look(runId, { user: 'nobody' }), /no user “nobody”/],
    ['an unknown source item', () => inspection.look(runId, { sequence: [1, 99_999] }), /no source item number 99999/],
    ['padding', () => inspection.look(runId, { sequence: [0] }), /no source item number 0/],
    ['an unknown target', () => inspection.recommend(runId, FIRST, [[0, 1]], UNKNOWN), /no target item number 99999/],
    ['what-ifs of an unknown target', () => inspection.whatIfs(runId, FIRST, UNKNOWN), /no target item number 99999/],
    ['a run that is none', () => inspection.open(999), /no finished run 999/],
    ['a method without a policy', () => inspection.open(clsRunId), /Finetune-CLS makes none/],
  ])('answers %s with a problem', async (_what, ask, message) => {
    expect(await ask()).toMatchObject({ ok: false, problem: { message: expect.stringMatching(message) } });
  });

  it('writes what is recommended to each user, as the page shows it', async () => {
    const shares: number[] = [];
    const blob = unwrap(await inspection.exportLists(runId, 'all', 5, (share) => shares.push(share)));
    const { data } = Papa.parse<string[]>((await blob.text()).trimEnd());
    expect(data[0]).toEqual(['user', 'rank', 'item', 'item_name', 'score']);
    expect(data).toHaveLength(1 + 60 * 5);
    expect(shares.at(-1)).toBe(1);
    for (const user of [dataset.users[0], dataset.users[59]]) {
      const { gate } = unwrap(await inspection.look(runId, { user }));
      const [own] = unwrap(await inspection.recommend(runId, { user }, [gate], null));
      const written = data.filter(([id]) => id === user);
      expect(written.map(([, rank, item]) => [rank, item])).toEqual(own.items.map(({ id }, i) => [String(i + 1), id]));
      // To the last bit.
      expect(written.map((cells) => Math.fround(Number(cells[4])))).toEqual(own.top.map(({ score }) => score));
    }
  });

  it('writes lists and vectors of chosen users, of any method', async () => {
    const [first, , third] = dataset.users;
    const vectors = unwrap(await inspection.exportVectors(clsRunId, [third, first], () => {}));
    const { data } = Papa.parse<string[]>((await vectors.text()).trimEnd());
    expect(data.map((cells) => cells[0])).toEqual(['user', third, first]);
    expect(data[0].slice(1)).toEqual(['h_1', 'h_2', 'h_3', 'h_4']);
    // A score is their product with the row of the item.
    const lists = unwrap(await inspection.exportLists(clsRunId, [first], 1000, () => {}));
    const listed = Papa.parse<string[]>((await lists.text()).trimEnd()).data;
    expect(listed).toHaveLength(1 + dataset.targetItems.length);
    const model = await database.models.get(clsRunId);
    if (model === undefined) throw new Error('its model is kept');
    const { parameters } = model;
    const item = dataset.targetItems.indexOf(listed[1][2]);
    const weights = parameters['target.weight'].values.subarray(4 * item, 4 * item + 4);
    const product = weights.reduce((sum, w, c) => sum + w * Number(data[2][1 + c]), parameters['target.bias'].values[item]);
    expect(Number(listed[1][4])).toBeCloseTo(product, 5);
    expect(await inspection.exportLists(clsRunId, ['nobody'], 5, () => {})).toMatchObject({
      ok: false,
      problem: { name: 'UnknownSubjectError', message: expect.stringContaining('“nobody”') },
    });
  });

  it('knows what everybody likes', async () => {
    const { datasetId } = (await database.runs.get(runId)) ?? { datasetId: 0 };
    const popularId = await queueRun(database, datasetId, 3, { method: 'most-popular' });
    await trainingService({ database, readWasm, startThread: null, locks: locks(false) }).work('auto');
    const blob = unwrap(await inspection.exportLists(popularId, dataset.users.slice(0, 2), 3, () => {}));
    const rows = (await blob.text()).trimEnd().split('\n').slice(1);
    const ofUser = (user: string) => rows.filter((row) => row.startsWith(`${user},`)).map((row) => row.slice(user.length));
    expect(ofUser(dataset.users[0])).toHaveLength(3);
    expect(ofUser(dataset.users[0])).toEqual(ofUser(dataset.users[1]));
    expect(await inspection.exportVectors(popularId, 'all', () => {})).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('no user vectors') },
    });
  });

  it('stops an export that nobody wants any more', async () => {
    const stopped = inspection.exportLists(runId, 'all', 5, () => {});
    await inspection.stopExport();
    expect(await stopped).toMatchObject({ ok: false, problem: { name: 'StoppedError' } });
  });

  it('opens the backend anew after a failure', async () => {
    let attempts = 0;
    const flaky = inspectionService({
      database,
      readWasm,
      open: (...words) => (attempts++ === 0 ? Promise.reject(new Error('offline')) : openBackend(...words)),
    });
    expect(await flaky.open(runId)).toMatchObject({ ok: false, problem: { message: 'offline' } });
    expect(await flaky.open(runId)).toMatchObject({ ok: true });
  });

  it('says so where a model was not kept, and its deletion takes it along', async () => {
    await deleteRuns(database, [clsRunId]);
    expect(await database.models.toCollection().primaryKeys()).toEqual([runId]);
    await database.models.clear();
    expect(await inspection.open(runId)).toMatchObject({ ok: false, problem: { name: 'ModelNotKeptError' } });
  });
});

describe('shelf', () => {
  it('opens once, closes what is idle and was used longest ago, and never what is in use', async () => {
    const opened: number[] = [];
    const closed: number[] = [];
    const shelf = new Shelf(
      async (id: number) => {
        opened.push(id);
        return id;
      },
      (id) => closed.push(id),
      2,
    );
    let letGo = () => {};
    const held = shelf.use(
      1,
      () =>
        new Promise<void>((resolve) => {
          letGo = resolve;
        }),
    );
    await shelf.use(2, async () => {});
    await shelf.use(2, async () => {});
    await shelf.use(3, async () => {});
    expect(opened).toEqual([1, 2, 3]);
    expect(closed).toEqual([2]);
    letGo();
    await held;
    await shelf.use(4, async () => {});
    expect(closed).toEqual([2, 1]);
  });

  it('tries again what could not be opened', async () => {
    let attempts = 0;
    const shelf = new Shelf(
      async () => {
        attempts++;
        if (attempts === 1) throw new Error('not yet');
        return attempts;
      },
      () => {},
      2,
    );
    await expect(shelf.use(1, async () => {})).rejects.toThrow('not yet');
    expect(await shelf.use(1, async (thing) => thing)).toBe(2);
  });
});
