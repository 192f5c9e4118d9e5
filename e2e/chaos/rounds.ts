import type { RandomStream } from '../../src/data/random.ts';
import { positionWords } from '../../src/storage/checkpoints.ts';
import type { CheckpointRow, DatasetRow, RunRow } from '../../src/storage/database.ts';
import { expect, put, rows, runs, simulate } from '../studio.ts';
import { differences } from './differences.ts';
import { carryOut, type Kill, type When } from './kills.ts';
import { type Left, readLeft } from './left.ts';
import { type QueuePlan, rowsOf } from './queue.ts';
import type { Session } from './session.ts';
import { findWayOut } from './wayOut.ts';

/** On WASM all is the same to the bit. */
export const TOLERANCES: Readonly<Record<QueuePlan['backend'], number>> = { wasm: 0, webgpu: 1e-5 };

const MOST_QUEUE = 600_000;

/** Puts the queue into a fresh profile; it goes on at once. */
async function begin({ page }: Session, plan: QueuePlan, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('heading', { name: /Demo: hidden kinds/ })).toBeVisible();
  await simulate(page, plan.users);
  const dataset = (await rows<DatasetRow>(page, 'datasets')).at(-1);
  if (dataset === undefined) throw new Error('No dataset was made.');
  const written = rowsOf(plan, dataset);
  await put(page, 'experiments', written.experiments);
  await put(page, 'runs', written.runs);
}

/** Nothing of a run that ended is left but its results. */
const isTidy = ({ checkpoints, files }: Left): boolean => checkpoints.length === 0 && files.length === 0;

/** What the studio has not tidied up after this long is left over. */
async function readTidied({ page }: Session): Promise<Left> {
  await expect
    .poll(async () => isTidy(await readLeft(page)), { timeout: 5_000 })
    .toBe(true)
    .catch(() => undefined);
  return readLeft(page);
}

/** The queue in a fresh profile, from its beginning to its end. */
export async function undisturbed(session: Session, plan: QueuePlan, url: string): Promise<Left> {
  await begin(session, plan, url);
  await session.begin();
  await session.page.reload();
  const statuses = async () => Array.from(new Set((await runs(session.page)).map(({ status }) => status)));
  await expect.poll(statuses, { timeout: MOST_QUEUE, intervals: [200] }).toEqual(['finished']);
  return readTidied(session);
}

/** What was killed, when, and how the queue stood. */
export interface Killed extends Kill {
  /** When it really was: a moment that was waited for may not have come. */
  readonly reached: When;
  /** The run that went on, and where its newest checkpoint was a moment before, in words; null between two runs. */
  readonly run: { readonly id: number; readonly method: string; readonly saved: string | null } | null;
  readonly finished: number;
}

export interface Round {
  readonly kills: readonly Killed[];
  readonly runs: number;
  /** Whatever is not as it was undisturbed, and whatever else was wrong, in words. */
  readonly wrong: readonly string[];
}

function standing(all: readonly RunRow[], checkpoints: readonly CheckpointRow[]): Pick<Killed, 'run' | 'finished'> {
  const finished = all.filter(({ status }) => status === 'finished').length;
  const run = all.find(({ status }) => status === 'running');
  if (run === undefined) return { run: null, finished };
  const checkpoint = checkpoints.find(({ runId }) => runId === run.id);
  const saved = checkpoint === undefined ? null : positionWords(checkpoint);
  return { run: { id: run.id, method: run.configuration.method, saved }, finished };
}

/**
 * The queue in a fresh profile, with kills until it is finished.
 *
 * @param reference what the undisturbed one left
 * @param draw the next kill; null: no more of them
 * @param tell told of each
 */
export async function disturbed(
  session: Session,
  plan: QueuePlan,
  url: string,
  reference: Left,
  random: RandomStream,
  draw: () => Kill | null,
  tell: (killed: Killed) => void,
): Promise<Round> {
  const wrong: string[] = [];
  const kills: Killed[] = [];
  const ended = new Map<number, RunRow>();
  const saved = new Set<number>();
  /** What is finished stays as it is, what is saved stays saved, and what fails fails of the kill alone. */
  const look = async () => {
    // First these: a run that ends meanwhile has none any more.
    const checkpoints = await rows<CheckpointRow>(session.page, 'checkpoints');
    const found = await runs(session.page);
    for (const run of found) {
      const isSaved = checkpoints.some(({ runId }) => runId === run.id);
      if (isSaved) saved.add(run.id);
      else if (saved.has(run.id) && run.status !== 'finished') wrong.push(`run ${run.id} lost its checkpoint`);
    }
    for (const [id, before] of ended) {
      const now = found.find((run) => run.id === id);
      wrong.push(...differences(before, now, 0, `finished run ${id}`));
    }
    for (const run of found) {
      if (run.status === 'finished') ended.set(run.id, run);
      if (run.status === 'failed' && run.error?.name !== 'DeviceLostError')
        wrong.push(`run ${run.id} failed: ${run.error?.message}`);
    }
    return found;
  };
  await begin(session, plan, url);
  await session.begin();
  await session.page.reload();
  while (await findWayOut(session, random, look)) {
    const all = await look();
    if (all.every(({ status }) => status === 'finished')) break;
    const kill = draw();
    if (kill === null) {
      await session.page.waitForTimeout(100);
      continue;
    }
    const checkpoints = await rows<CheckpointRow>(session.page, 'checkpoints');
    const reached = await carryOut(kill, session, random);
    const killed = { ...kill, reached, ...standing(all, checkpoints) };
    kills.push(killed);
    tell(killed);
  }
  const left = await readTidied(session);
  wrong.push(...differences(reference, left, TOLERANCES[plan.backend]), ...session.complaints);
  return { kills, runs: Object.keys(left.runs).length, wrong: Array.from(new Set(wrong)) };
}
