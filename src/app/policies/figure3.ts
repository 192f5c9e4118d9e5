import type { ShareRow } from '../../charts/BlockShares.tsx';
import type { Spread } from '../../charts/shareWords.ts';
import { describeMethod } from '../../configuration/methods.ts';
import { parameterWords } from '../../configuration/parameters.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import type { RunShares, SharesOfRuns } from '../../services/protocol.ts';
import type { RunRow } from '../../storage/database.ts';
import { groupBySeed } from '../compare/groups.ts';
import { count } from '../format.ts';
import { differingAmong, flatOf } from '../shared/differing.ts';
import { runLabels } from '../shared/series.ts';

/** What a row of Fig. 3 stands for. */
export const FIGURE_ROWS = {
  runs: 'single runs',
  methods: 'methods and settings, over seeds',
  datasets: 'datasets and settings, over methods and seeds',
} as const;
export type FigureRows = keyof typeof FIGURE_ROWS;

/** A row of Fig. 3, and the run that it is of; null where it is of several. */
interface FigureRow extends ShareRow {
  readonly runId: number | null;
}

interface Bundle {
  readonly label: string;
  readonly runs: readonly RunRow[];
}

/** Rows of Fig. 3: the mean over the runs that stand together, and their spread; one row for each group of users. */
export function figureRows(runs: readonly RunRow[], shares: readonly RunShares[], by: FigureRows): FigureRow[] {
  return bundlesBy(runs, by).flatMap(({ label, runs: bundled }) => {
    const ids = new Set(bundled.map(({ id }) => id));
    const own = shares.filter(({ runId }) => ids.has(runId));
    const groups = Array.from(new Set(own.map(({ group }) => group)));
    return groups.map((group) => {
      const members = own.filter((one) => one.group === group);
      return {
        key: `${bundled[0].id} ${group}`,
        runId: bundled.length === 1 ? bundled[0].id : null,
        label: group === null ? label : `${label} · ${group}`,
        isSoft: bundled.some(isSoft),
        shares: members[0].shares.map((_, block) => spreadOf(members.map((one) => one.shares[block]))),
        note:
          group === null && by === 'runs' ? `${noteFor(members, bundled)}${distinctIn(bundled[0])}` : noteFor(members, bundled),
      };
    });
  });
}

/** Runs on other datasets or with other settings cannot be averaged: they stand apart. */
function bundlesBy(runs: readonly RunRow[], by: FigureRows): Bundle[] {
  const labels = runLabels(runs);
  const isOneDataset = new Set(runs.map(({ datasetId }) => datasetId)).size === 1;
  if (by === 'runs')
    return runs.map((run) => ({
      label: isOneDataset ? `${labels.get(run.id)}` : `${labels.get(run.id)} · ${run.datasetName}`,
      runs: [run],
    }));
  if (by === 'methods') return groupBySeed(runs);
  const bundles = new Map<string, RunRow[]>();
  for (const run of runs) {
    const { seed: _seed, method: _method, ...settings } = flatOf(run.configuration);
    const key = JSON.stringify([run.datasetId, settings]);
    bundles.set(key, [...(bundles.get(key) ?? []), run]);
  }
  return Array.from(bundles.values(), (own) => ({ label: datasetLabel(own[0], runs), runs: own }));
}

/** The dataset of a run, and its settings as far as others on the dataset have other ones. */
function datasetLabel({ datasetId, datasetName, configuration }: RunRow, runs: readonly RunRow[]): string {
  const alike = runs.filter((run) => run.datasetId === datasetId);
  const keys = differingAmong(alike.map((run) => run.configuration)).filter((key) => key !== 'seed' && key !== 'method');
  const own = flatOf(configuration);
  return [datasetName, ...keys.map((key) => parameterWords(key, own[key]))].join(', ');
}

/** Whether the gates of a run mix the frozen block with its copy: a share of users is then their mean gate. */
const isSoft = ({ configuration }: RunRow): boolean => describeMethod(configuration.method).policy === 'soft';

function spreadOf(values: readonly number[]): Spread {
  const { value: mean, deviation, n } = overSeeds(values);
  return { mean, deviation: n < 2 ? null : deviation };
}

/** Which runs are missing, and why. */
export function unreadWords(unread: SharesOfRuns['unread'], runs: readonly RunRow[]): string[] {
  const labels = runLabels(runs);
  return unread.map(({ runId, why }) => `${labels.get(runId) ?? `Run ${runId}`} is not shown: ${why}`);
}

/** How personal the policies of a run are. */
function distinctIn({ result, configuration }: RunRow): string {
  if (!result?.policy) return '';
  const { distinct, collapsed } = result.policy;
  return collapsed ? '; the same for everyone' : `; ${count(distinct)} of ${count(2 ** configuration.dilations.length)} policies`;
}

/**
 * “3 runs, 1,200 of 2,000 users”, or “epoch 10, 963 of 2,000 users” of a single run: users of the same dataset are counted once, at
 * the most that a run has of them.
 */
function noteFor(members: readonly RunShares[], runs: readonly RunRow[]): string {
  const most = new Map<number, RunShares>();
  for (const member of members) {
    const dataset = runs.find(({ id }) => id === member.runId)?.datasetId ?? 0;
    const before = most.get(dataset);
    if (before === undefined || member.users > before.users) most.set(dataset, member);
  }
  const sum = (of: (member: RunShares) => number) => Array.from(most.values()).reduce((total, member) => total + of(member), 0);
  const [users, all] = [sum((member) => member.users), sum((member) => member.all)];
  const who = `${users < all ? `${count(users)} of ${count(all)}` : `all ${count(all)}`} users${members.every(({ tested }) => tested) ? '' : ', also those without a test target'}`;
  const best = runs.length === 1 ? runs[0].result?.bestEpoch : undefined;
  return `${best === undefined ? `${members.length} run${members.length === 1 ? '' : 's'}` : `epoch ${best}`}, ${who}`;
}
