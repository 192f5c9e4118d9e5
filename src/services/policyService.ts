import { blockFigures } from '../analysis/blocks.ts';
import { distinctPolicies } from '../analysis/distinct.ts';
import { type Grouping, groupingsOf } from '../analysis/groupings.ts';
import { type Chosen, type Policies, usersIn } from '../analysis/policies.ts';
import { rankChange } from '../analysis/rankChange.ts';
import { type Recovery, recoveryOf } from '../analysis/recovery.ts';
import { byGroup, byProbability, byRankChange, bySimilarity, inDatasetOrder, type Rows } from '../analysis/rows.ts';
import { describeMethod } from '../configuration/methods.ts';
import { instancesOf, targetUsersOf } from '../data/dataset.ts';
import { contentsOf, type OutcomeRow, type RunRow, type StudioDatabase } from '../storage/database.ts';
import { NothingStoredError } from '../storage/errors.ts';
import { answer } from './answer.ts';
import { Kept } from './kept.ts';
import type { PolicyFigures, PolicyService, RecoveryCourse, RowOrder, RunShares, SharesOfRuns } from './protocol.ts';

/** Policies that are listed one by one; the others are summed. */
const LISTED = 8;
/** Datasets that are kept in memory. */
const KEPT_DATASETS = 3;
/** Bytes of policies that are kept in memory: all epochs of a run, unless it is very large. */
const KEPT_BYTES = 2 ** 27;
/** Epochs of which is kept what was reckoned over all users: some numbers each. */
const KEPT_FIGURES = 5000;

/** What is needed of a dataset: who the users with targets are, and what is known about them. */
interface Users {
  readonly ids: readonly string[];
  readonly groupings: readonly Grouping[];
  /** The row of the user of each instance. */
  readonly rowOfInstance: Int32Array;
}

/** Hands a value over together with its buffers, without a copy. */
type Transfer = <T>(value: T, buffers: Transferable[]) => T;

/** @param keptBytes of policies that are kept in memory */
export function policyService(database: StudioDatabase, transfer: Transfer, keptBytes = KEPT_BYTES): PolicyService {
  const datasets = new Kept<number, Users>(KEPT_DATASETS);
  const epochs = new Kept<string, Policies>(keptBytes, ({ bytes }) => bytes.length);
  const separations = new Kept<string, readonly number[]>(KEPT_FIGURES);
  const recoveries = new Kept<string, Recovery>(KEPT_FIGURES);

  const runOf = async (id: number): Promise<RunRow> => {
    const run = await database.runs.get(id);
    if (run === undefined) throw new NothingStoredError(`There is no run ${id} any more.`);
    return run;
  };
  const usersOf = ({ datasetId }: RunRow): Promise<Users> =>
    datasets.get(datasetId, async () => {
      const dataset = await contentsOf(database, datasetId);
      const users = targetUsersOf(dataset);
      const rowOfUser = new Int32Array(dataset.users.length);
      users.forEach((user, row) => {
        rowOfUser[user] = row;
      });
      return {
        ids: Array.from(users, (user) => dataset.users[user]),
        groupings: groupingsOf(dataset, users),
        rowOfInstance: instancesOf(dataset).user.map((user) => rowOfUser[user]),
      };
    });
  const storedEpochs = async ({ id }: RunRow): Promise<number[]> => {
    const keys = (await database.policies.where({ runId: id }).primaryKeys()) as readonly (readonly [number, number])[];
    return keys.map(([, epoch]) => epoch).sort((a, b) => a - b);
  };
  // A run that is started again writes its epochs anew.
  const keyOf = ({ id, startedAt }: RunRow, epoch: number) => `${id} ${startedAt} ${epoch}`;
  const readPolicies = async (run: RunRow, epoch: number): Promise<Policies> => {
    const stored = await database.policies.get([run.id, epoch]);
    if (stored === undefined) throw new NothingStoredError(`No policies of epoch ${epoch} are stored.`);
    return { bytes: stored.bytes, blocks: run.configuration.dilations.length, kind: kindOf(run) };
  };
  const policiesOf = (run: RunRow, epoch: number): Promise<Policies> =>
    epochs.get(keyOf(run, epoch), () => readPolicies(run, epoch));
  /** @param kept where the values are kept; null where they are of some users only, of whom others may be chosen next */
  const courseOf = async <T>(
    run: RunRow,
    kept: Kept<string, T> | null,
    of: (policies: Policies) => T,
  ): Promise<{ epochs: number[]; values: T[] }> => {
    const numbers = await storedEpochs(run);
    const { ids } = await usersOf(run);
    const fits = numbers.length * ids.length * run.configuration.dilations.length <= keptBytes;
    // Epochs that cannot all be kept would push each other out, always just before they are asked for again.
    const policiesAt = (epoch: number) =>
      fits ? policiesOf(run, epoch) : (epochs.found(keyOf(run, epoch)) ?? readPolicies(run, epoch));
    const values: T[] = [];
    for (const epoch of numbers) {
      const value = async () => of(await policiesAt(epoch));
      values.push(await (kept === null ? value() : kept.get(keyOf(run, epoch), value)));
    }
    return { epochs: numbers, values };
  };
  const groupingOf = ({ groupings }: Users, key: string): Grouping => {
    const grouping = groupings.find((one) => one.key === key);
    if (grouping === undefined) throw new NothingStoredError(`Nothing called “${key}” is known about these users.`);
    return grouping;
  };
  const outcomeOf = async (id: number): Promise<OutcomeRow> => {
    const outcome = await database.outcomes.get(id);
    if (outcome === undefined) throw new NothingStoredError(`The test ranks of run ${id} are not stored.`);
    return outcome;
  };
  const changeOf = async (run: RunRow, against: number): Promise<Float64Array> => {
    const [own, other] = [await outcomeOf(run.id), await outcomeOf(against)].map(({ instances, outcomes }) => {
      if ('predicted' in outcomes) throw new NothingStoredError('A profile task has no ranks.');
      return { instances, ranks: outcomes.all };
    });
    const { ids, rowOfInstance } = await usersOf(run);
    return rankChange(own, other, (instance) => rowOfInstance[instance], ids.length);
  };
  const rowsBy = async (run: RunRow, policies: Policies, order: RowOrder): Promise<Rows> => {
    switch (order.by) {
      case 'similar':
        return bySimilarity(policies);
      case 'probability':
        return byProbability(policies);
      case 'dataset':
        return inDatasetOrder(usersIn(policies));
      case 'change':
        return byRankChange(await changeOf(run, order.against));
      case 'group':
        return byGroup(bySimilarity(policies), groupingOf(await usersOf(run), order.grouping));
    }
  };
  const sharesOf = async (runId: number, key: string | null): Promise<RunShares[]> => {
    const run = await runOf(runId);
    if (run.result === null) throw new NothingStoredError(`Run ${runId} has no best epoch: it is not finished.`);
    const users = await usersOf(run);
    const outcome = await database.outcomes.get(runId);
    const policies = await policiesOf(run, run.result.bestEpoch);
    const tested = outcome === undefined ? null : maskOf(users, outcome);
    // Runs on datasets that know nothing of the kind are left out.
    const grouping = key === null ? null : users.groupings.find((one) => one.key === key);
    if (grouping === undefined) return [];
    return splitBy(grouping, tested, users.ids.length)
      .map(({ group, all, chosen }) => ({ group, all, ...blockFigures(policies, chosen) }))
      .filter((figures) => figures.users > 0)
      .map(({ group, all, users: n, shares }) => ({ runId, group, users: n, all, tested: tested !== null, shares }));
  };

  return {
    about: (runId) =>
      answer(async () => {
        const run = await runOf(runId);
        const users = await usersOf(run);
        const { ids, groupings } = users;
        const outcome = await database.outcomes.get(runId);
        return {
          users: ids.length,
          tested: outcome === undefined ? null : maskOf(users, outcome).reduce((sum, one) => sum + one, 0),
          blocks: run.configuration.dilations.length,
          kind: kindOf(run),
          epochs: await storedEpochs(run),
          groupings: groupings.map(({ codes: _codes, ...known }) => known),
        };
      }),
    picture: async (runId, epoch) => {
      const pictured = await answer(async () => (await policiesOf(await runOf(runId), epoch)).bytes.slice());
      return pictured.ok ? transfer(pictured, [pictured.value.buffer]) : pictured;
    },
    rows: async (runId, epoch, order) => {
      const sorted = await answer(async () => {
        const run = await runOf(runId);
        return rowsBy(run, await policiesOf(run, epoch), order);
      });
      return sorted.ok ? transfer(sorted, [sorted.value.order.buffer]) : sorted;
    },
    figures: (runId, epoch, chosen) =>
      answer(async () => ({ epoch, ...figuresOf(await policiesOf(await runOf(runId), epoch), chosen) })),
    separation: (runId, chosen) =>
      answer(async () => {
        const run = await runOf(runId);
        const { ids } = await usersOf(run);
        const { epochs: numbers, values } = await courseOf(
          run,
          chosen === null ? separations : null,
          (policies) => blockFigures(policies, chosen).separation,
        );
        return {
          users: chosen === null ? ids.length : chosen.reduce((sum, one) => sum + one, 0),
          epochs: numbers,
          blocks: run.configuration.dilations.map((_, block) => values.map((separation) => separation[block])),
        };
      }),
    recovery: (runId) =>
      answer(async () => {
        const run = await runOf(runId);
        const grouping = (await usersOf(run)).groupings.find(({ planted, groups }) => planted && groups.length === 2);
        if (grouping === undefined) return null;
        const { epochs: numbers, values } = await courseOf(run, recoveries, (policies) => recoveryOf(policies, grouping.codes));
        return courseOfRecovery(grouping, numbers, values, run.configuration.dilations.length);
      }),
    shares: (runIds, key) =>
      answer(async () => {
        const shares: RunShares[] = [];
        const unread: SharesOfRuns['unread'][number][] = [];
        for (const runId of runIds) {
          const own = await answer(() => sharesOf(runId, key));
          if (own.ok) shares.push(...own.value);
          else unread.push({ runId, why: own.problem.message });
        }
        return { shares, unread };
      }),
    userId: (runId, user) => answer(async () => (await usersOf(await runOf(runId))).ids[user]),
  };
}

const kindOf = ({ configuration }: RunRow) =>
  describeMethod(configuration.method).policy === 'soft' ? ('soft' as const) : ('hard' as const);

function figuresOf(policies: Policies, chosen: Chosen): Omit<PolicyFigures, 'epoch'> {
  const { patterns, sizes } = distinctPolicies(policies, chosen);
  const largest = patterns.slice(0, LISTED).map((pattern, i) => ({ pattern, users: sizes[i] }));
  return { ...blockFigures(policies, chosen), distinct: patterns.length, largest };
}

/** The users of a run's test instances. */
function maskOf({ ids, rowOfInstance }: Users, { instances }: OutcomeRow): Uint8Array {
  const mask = new Uint8Array(ids.length);
  for (const instance of instances) mask[rowOfInstance[instance]] = 1;
  return mask;
}

interface Part {
  readonly group: string | null;
  /** How many are of the group, whoever is meant. */
  readonly all: number;
  readonly chosen: Chosen;
}

/** Those who are meant, group by group. */
function splitBy(grouping: Grouping | null, meant: Chosen, users: number): Part[] {
  if (grouping === null) return [{ group: null, all: users, chosen: meant }];
  const { groups, codes } = grouping;
  return groups.map((group, code) => ({
    group,
    all: codes.reduce((sum, one) => sum + (one === code ? 1 : 0), 0),
    chosen: Uint8Array.from({ length: users }, (_, user) =>
      codes[user] === code && (meant === null || meant[user] === 1) ? 1 : 0,
    ),
  }));
}

function courseOfRecovery(
  { label, groups, codes }: Grouping,
  epochs: readonly number[],
  values: readonly Recovery[],
  blocks: number,
): RecoveryCourse {
  const second = codes.reduce((sum, code) => sum + code, 0);
  return {
    label,
    kinds: [groups[0], groups[1]],
    users: [codes.length - second, second],
    epochs,
    overall: values.map(({ overall }) => overall),
    blocks: Array.from({ length: blocks }, (_, block) => values.map((value) => value.blocks[block])),
    errors: values.map(({ error }) => error),
  };
}
