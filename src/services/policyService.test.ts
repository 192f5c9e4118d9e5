import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PRESETS } from '../configuration/presets.ts';
import { complete, nest } from '../configuration/schema.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../data/simulator.ts';
import { addDataset, type RunRow, StudioDatabase } from '../storage/database.ts';
import { packPolicies } from '../storage/policies.ts';
import { policyService } from './policyService.ts';
import type { Answer, PolicyService } from './protocol.ts';

const USERS = 40;
const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: USERS });
const kinds = dataset.attributes[0].codes;
const nostalgic = kinds.reduce((sum, code) => sum + code, 0);

let database: StudioDatabase;
let service: PolicyService;
let runId: number;

/** Two blocks: the first alike for all, the second by kind, from the second epoch on. */
const policiesAt = (epoch: number): Uint8Array => {
  const gate = Float32Array.from({ length: 2 * USERS }, (_, i) => (i % 2 === 0 ? 1 : epoch < 2 ? 1 : kinds[(i - 1) / 2]));
  return packPolicies({ gate, probability: gate });
};

async function addRun(datasetId: number, method: string, ranks: Int32Array): Promise<number> {
  const configuration = complete(PRESETS.quick, nest({ method, dilations: [1, 1] }));
  const id = await database.runs.add({ datasetId, configuration, status: 'finished', result: { bestEpoch: 2 } } as RunRow);
  const instances = Int32Array.of(0, 1, 5);
  const outcomes = { all: ranks, sampled: ranks };
  await database.outcomes.add({ runId: id, outcomes, instances, targets: new Int32Array(3), policies: null });
  return id;
}

beforeEach(async () => {
  database = new StudioDatabase('policies');
  service = policyService(database, (value) => value);
  const datasetId = await addDataset(database, dataset);
  runId = await addRun(datasetId, 'uaf-hard', Int32Array.of(1, 1, 8));
  await addRun(datasetId, 'finetune-all', Int32Array.of(4, 4, 1));
  for (const epoch of [1, 2, 3]) await database.policies.add({ runId, epoch, bytes: policiesAt(epoch) });
});
afterEach(() => database.delete());

function unpacked<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.problem.message);
  return answer.value;
}

describe('policy service', () => {
  it('says what is stored of a run, and gives an epoch without losing its own copy', async () => {
    const about = unpacked(await service.about(runId));
    expect(about).toMatchObject({ users: USERS, tested: 2, blocks: 2, kind: 'hard', epochs: [1, 2, 3] });
    expect(about.groupings.find(({ planted }) => planted)?.groups).toEqual(['steady', 'nostalgic']);
    const first = unpacked(await service.picture(runId, 2));
    expect(first).toEqual(policiesAt(2));
    first.fill(0);
    expect(unpacked(await service.picture(runId, 2))).toEqual(policiesAt(2));
  });

  it('reckons figures of all and of chosen users', async () => {
    const all = unpacked(await service.figures(runId, 2, null));
    expect(all.shares).toEqual([1, nostalgic / USERS]);
    expect(all).toMatchObject({ epoch: 2, users: USERS, distinct: 2 });
    expect(all.largest.reduce((sum, { users }) => sum + users, 0)).toBe(USERS);
    expect(unpacked(await service.figures(runId, 2, kinds.slice()))).toMatchObject({ users: nostalgic, distinct: 1 });
  });

  it('sorts by what is known, and by the change of ranks against another run', async () => {
    const byKind = unpacked(await service.rows(runId, 2, { by: 'group', grouping: 'own kind' }));
    expect(byKind.bands).toEqual([
      { label: 'steady', rows: USERS - nostalgic },
      { label: 'nostalgic', rows: nostalgic },
    ]);
    // Instances 0 and 1 are of the first user, 5 of the second.
    const byChange = unpacked(await service.rows(runId, 2, { by: 'change', against: runId + 1 }));
    expect(Array.from(byChange.order.subarray(0, 2))).toEqual([0, 1]);
    expect(byChange.bands.map(({ rows }) => rows)).toEqual([1, 1, USERS - 2]);
    const missing = await service.rows(runId, 2, { by: 'change', against: 99 });
    expect(missing.ok ? null : missing.problem.name).toBe('NothingStoredError');
  });

  it('follows separation and planted kinds over the epochs', async () => {
    const course = unpacked(await service.separation(runId, null));
    expect(course).toMatchObject({ users: USERS, epochs: [1, 2, 3] });
    const [first, second] = course.blocks;
    expect(first).toEqual([0, 0, 0]);
    expect(second[0]).toBe(0);
    expect(second[2]).toBeCloseTo(Math.sqrt((nostalgic / USERS) * (1 - nostalgic / USERS)));
    const ofOneKind = unpacked(await service.separation(runId, kinds.slice()));
    expect(ofOneKind).toMatchObject({
      users: nostalgic,
      blocks: [
        [0, 0, 0],
        [0, 0, 0],
      ],
    });
    const recovery = unpacked(await service.recovery(runId));
    expect(recovery).toMatchObject({ users: [USERS - nostalgic, nostalgic], epochs: [1, 2, 3], overall: [0.5, 1, 1] });
    expect(recovery?.blocks[0]).toEqual([0.5, 0.5, 0.5]);
  });

  it('splits shares at the best epoch, over the users of the test instances', async () => {
    const { shares } = unpacked(await service.shares([runId], null));
    expect(shares).toMatchObject([{ runId, group: null, users: 2, all: USERS, tested: true }]);
    const { shares: split } = unpacked(await service.shares([runId], 'own kind'));
    expect(split.reduce((sum, { users }) => sum + users, 0)).toBe(2);
    for (const { group, all } of split) expect(all).toBe(group === 'nostalgic' ? nostalgic : USERS - nostalgic);
    for (const { group, shares: own } of split) expect(own[1]).toBe(group === 'nostalgic' ? 1 : 0);
    expect(unpacked(await service.shares([runId], 'own of another dataset'))).toEqual({ shares: [], unread: [] });
  });

  it('gives the shares of the runs that can be read, and names those that cannot', async () => {
    await database.runs.update(runId + 1, { result: null });
    const { shares, unread } = unpacked(await service.shares([runId + 1, runId, 99], null));
    expect(shares.map((one) => one.runId)).toEqual([runId]);
    expect(unread.map((one) => one.runId)).toEqual([runId + 1, 99]);
    expect(unread[1].why).toBe('There is no run 99 any more.');
  });

  it('answers alike where only one epoch can be kept in memory, and reads no more than it has to', async () => {
    const small = policyService(database, (value) => value, 2 * USERS);
    const read = vi.spyOn(database.policies, 'get');
    expect(unpacked(await small.separation(runId, null))).toEqual(unpacked(await service.separation(runId, null)));
    await small.picture(runId, 2);
    read.mockClear();
    // The picture's epoch is still there: the course did not push it out.
    await small.separation(runId, kinds.slice());
    expect(read).toHaveBeenCalledTimes(2);
    // What was reckoned over all users is kept.
    await small.separation(runId, null);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('reads epochs anew when a run was started again, and names users', async () => {
    await service.picture(runId, 1);
    await database.policies.put({ runId, epoch: 1, bytes: policiesAt(3) });
    await database.runs.update(runId, { startedAt: 5 });
    expect(unpacked(await service.picture(runId, 1))).toEqual(policiesAt(3));
    expect(unpacked(await service.userId(runId, 3))).toBe(dataset.users[3]);
  });
});
