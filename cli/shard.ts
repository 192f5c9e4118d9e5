import { UsageError } from './errors.ts';

/** The i-th of n shares of the runs, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `2/8`. @throws UsageError */
export function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || index < 1 || index > count)
    throw new UsageError(`--shard: “${text}” is no share such as 2/8: the second of eight, counted from 1.`);
  return { index, count };
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The share that falls to this process by where it runs: a task of a Slurm array, or a pod of a Kubernetes Indexed Job. Null elsewhere.
 *
 * @throws UsageError where the scheduler's numbers do not say which share it is
 */
export const shardFrom = (environment: Environment): Shard | null => slurmTask(environment) ?? indexedPod(environment);

/** Arrays may begin anywhere and go in steps: `0-27`, `1-28`, `0-54:2`. */
function slurmTask({
  SLURM_ARRAY_TASK_ID: id,
  SLURM_ARRAY_TASK_COUNT: count,
  SLURM_ARRAY_TASK_MIN: first,
  SLURM_ARRAY_TASK_STEP: step = '1',
}: Environment): Shard | null {
  if (id === undefined) return null;
  if (count === undefined || first === undefined)
    throw new UsageError(
      'SLURM_ARRAY_TASK_ID is set, but SLURM_ARRAY_TASK_COUNT and SLURM_ARRAY_TASK_MIN are not: say --shard i/n.',
    );
  const shard = { index: (Number(id) - Number(first)) / Number(step) + 1, count: Number(count) };
  if (!isPossible(shard))
    throw new UsageError(
      `The tasks of this Slurm array have gaps (task ${id}, ${count} tasks from ${first} on): say --shard i/n, or submit all of them again: what is finished is not run again.`,
    );
  return shard;
}

function indexedPod({ JOB_COMPLETION_INDEX: index, JOB_COMPLETIONS: count }: Environment): Shard | null {
  if (index === undefined) return null;
  const shard = { index: Number(index) + 1, count: Number(count) };
  if (!isPossible(shard))
    throw new UsageError(
      `JOB_COMPLETION_INDEX is ${index}: set JOB_COMPLETIONS to the Job’s number of completions, which Kubernetes does not tell its pods (it is ${count ?? 'not set'}).`,
    );
  return shard;
}

const isPossible = ({ index, count }: Shard): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count;

/**
 * Which share each run falls to, from 0. With fewer shares than pre-trained models, all runs of a model are in one share, so that each
 * model is trained once; else the sizes differ by one at most, and shares have as few models each as can be.
 *
 * @param models for each run its pre-trained model; null for runs without one
 */
export function deal(models: readonly (string | null)[], shares: number): number[] {
  const groups = new Map<string, number[]>();
  const alone: number[] = [];
  models.forEach((model, run) => {
    const group = model === null ? alone : (groups.get(model) ?? []);
    group.push(run);
    if (model !== null) groups.set(model, group);
  });
  const shareOf = new Array<number>(models.length).fill(0);
  if (shares >= groups.size) {
    const order = [...Array.from(groups.values()).flat(), ...alone];
    order.forEach((run, place) => {
      shareOf[run] = Math.floor((place * shares) / order.length);
    });
    return shareOf;
  }
  const sizes = new Array<number>(shares).fill(0);
  const largestFirst = Array.from(groups.values()).sort((a, b) => b.length - a.length);
  for (const runs of [...largestFirst, ...alone.map((run) => [run])]) {
    const smallest = sizes.indexOf(Math.min(...sizes));
    for (const run of runs) shareOf[run] = smallest;
    sizes[smallest] += runs.length;
  }
  return shareOf;
}
