import type { Page } from '@playwright/test';
import type { RandomStream } from '../../src/data/random.ts';
import { expect } from '../studio.ts';
import { holdAt, MOMENTS, type Moment, trainingWorker } from './moments.ts';
import type { QueuePlan } from './queue.ts';
import type { Session } from './session.ts';

/** What is killed. */
const VICTIMS = [
  'tab reloaded',
  'tab closed',
  'tab crashed',
  'tab taken over',
  'worker ended',
  'worker closed',
  'worker threw',
  'browser killed',
  'device lost',
] as const;
export type Victim = (typeof VICTIMS)[number];

export type When = 'at any time' | 'while the page starts' | Moment;

export interface Kill {
  readonly victim: Victim;
  readonly when: When;
  /** How often the moment comes before it counts, from 1. */
  readonly nth: number;
}

/** How often what is killed: whole numbers, of their sum. */
type Shares = readonly (readonly [victim: Victim, share: number])[];

export const SHARES: Readonly<Record<QueuePlan['backend'], Shares>> = {
  wasm: [
    ['tab reloaded', 3],
    ['tab closed', 3],
    ['tab crashed', 4],
    ['tab taken over', 3],
    ['worker ended', 4],
    ['worker closed', 2],
    ['worker threw', 2],
    ['browser killed', 2],
  ],
  webgpu: [
    ['device lost', 6],
    ['tab reloaded', 1],
    ['tab crashed', 1],
    ['worker ended', 1],
  ],
};

/** How long after training has begun again something is killed at any time, and how long after a page has begun to start. */
const MOST_WAIT = 2_000;
const MOST_START = 700;

/** How long the studio may take to notice on a machine with other work. */
const MOST_UNNOTICED = 60_000;

/** Moments that come several times in a run. */
const OFTEN: readonly When[] = [
  'a checkpoint’s file is written',
  'a run’s row is written',
  'an epoch is stored',
  'policies are stored',
];

/** What the next kill is. */
export function drawKill(random: RandomStream, shares: Shares): Kill {
  const all = shares.flatMap(([victim, share]) => Array.from({ length: share }, () => victim));
  const victim = all[random.integer(all.length)];
  const when = drawMoment(random, victim);
  return { victim, when, nth: 1 + random.integer(OFTEN.includes(when) ? 4 : 1) };
}

function drawMoment(random: RandomStream, victim: Victim): When {
  const drawn = random.uniform();
  if (drawn < 0.5) return MOMENTS[random.integer(MOMENTS.length)];
  const isOfTab = victim.startsWith('tab') || victim === 'browser killed';
  return drawn < 0.65 && isOfTab ? 'while the page starts' : 'at any time';
}

/** What the console may say of a kill. */
const EXPLAINED: Partial<Record<Victim, readonly RegExp[]>> = {
  'worker threw': [/chaos: thrown/],
  'device lost': [/device/i, /external Instance reference/i, /context lost/i],
};

const noticed = ({ page }: Session, title: string) =>
  expect(page.getByRole('alert').filter({ hasText: title })).toBeVisible({ timeout: MOST_UNNOTICED });
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Kills; settles when the studio is open again in a tab, or has noticed. @returns when it really was */
export async function carryOut({ victim, when, nth }: Kill, session: Session, random: RandomStream): Promise<When> {
  session.explain(EXPLAINED[victim] ?? []);
  const watching = victim === 'tab taken over' ? await openSecond(session, when) : null;
  const reached = await waitFor(when, nth, session, random);
  await HOW[victim](session, watching);
  return reached;
}

/** A second tab. Where the first one is killed while it starts, it has only just begun to. */
async function openSecond(session: Session, when: When): Promise<Page> {
  const page = await session.newPage();
  await session.begin(page);
  // It may also find that nothing is trained at the moment.
  if (when !== 'while the page starts') await expect(page.getByRole('region', { name: 'New runs' })).toBeVisible();
  return page;
}

async function waitFor(when: When, nth: number, session: Session, random: RandomStream): Promise<When> {
  if (when === 'at any time') {
    await wait(MOST_WAIT * random.uniform());
    return when;
  }
  if (when === 'while the page starts') {
    await session.page.reload({ waitUntil: 'commit' });
    await wait(MOST_START * random.uniform());
    return when;
  }
  return (await holdAt(session.page, when, nth)) ? when : 'at any time';
}

/** Goes on in another tab. */
async function goOnIn(session: Session, page: Page | null): Promise<void> {
  session.page = page ?? (await session.newPage());
  if (page === null) await session.begin();
}

async function crash(session: Session): Promise<void> {
  const { page } = session;
  const crashed = page.waitForEvent('crash');
  // Is never answered.
  (await session.cdp()).send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

/** Does something to the worker that trains, after which the studio has to notice. Nothing where none is there. */
async function killWorker(session: Session, kill: () => Promise<void>): Promise<void> {
  if (trainingWorker(session.page) === undefined) return;
  await kill();
  await noticed(session, 'The worker that trains has stopped');
}

/** How each is killed. `watching` is the tab that takes over. */
const HOW: Readonly<Record<Victim, (session: Session, watching: Page | null) => Promise<void>>> = {
  'tab reloaded': async ({ page }) => {
    await page.reload({ waitUntil: 'commit' });
  },
  'tab closed': async (session) => {
    const next = await session.newPage();
    await session.page.close();
    session.page = next;
    await session.begin();
  },
  'tab crashed': async (session) => {
    await crash(session);
    await goOnIn(session, null);
  },
  'tab taken over': async (session, watching) => {
    await session.page.close();
    await goOnIn(session, watching);
  },
  'worker ended': (session) => killWorker(session, () => session.page.evaluate(() => window.trainingWorker?.terminate())),
  'worker closed': (session) =>
    killWorker(session, async () => {
      await trainingWorker(session.page)?.evaluate(() => {
        setTimeout(() => self.close());
      });
    }),
  'worker threw': (session) =>
    killWorker(session, async () => {
      await trainingWorker(session.page)?.evaluate(() => {
        setTimeout(() => {
          throw new Error('chaos: thrown');
        });
      });
    }),
  'browser killed': async (session) => {
    await session.killBrowser();
    await session.begin();
  },
  'device lost': async (session) => {
    await (await session.browserCdp()).send('Browser.crashGpuProcess');
    await noticed(session, 'The GPU went away');
  },
};
