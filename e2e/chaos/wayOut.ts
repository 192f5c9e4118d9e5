import type { Locator, Page } from '@playwright/test';
import type { RandomStream } from '../../src/data/random.ts';
import type { RunRow } from '../../src/storage/database.ts';
import { UNDONE } from '../../src/storage/queue.ts';
import { runs } from '../studio.ts';
import type { Session } from './session.ts';

/** Longer than the studio takes for anything between two runs, on a machine with other work. */
const MOST_STANDSTILL = 90_000;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).first();

/** Presses a button if it is there; false where it is not, or goes away meanwhile. */
async function press(locator: Locator): Promise<boolean> {
  if (!(await locator.isVisible())) return false;
  try {
    await locator.click({ timeout: 2_000 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Presses what the studio offers after a kill, until something is trained in the tab (true), or all runs are finished (false).
 *
 * @param random whether what is offered is taken at once
 * @param look the runs as they stand, looked at each time
 * @throws Error where it stands still, with how the runs stand and what the page says
 */
export async function findWayOut(
  session: Session,
  random: RandomStream,
  look: () => Promise<readonly RunRow[]>,
): Promise<boolean> {
  const takesAtOnce = random.uniform() < 0.7;
  const ends = Date.now() + MOST_STANDSTILL;
  while (Date.now() < ends) {
    const { page } = session;
    // Of a page that has only begun nothing can be read.
    if (await page.getByRole('region', { name: 'New runs' }).isVisible()) {
      const found = await look();
      if (found.every(({ status }) => status === 'finished')) return false;
      if (await goOn(session, found, takesAtOnce)) continue;
      const trains = found.some(({ status }) => status === 'running');
      if (trains && (await button(page, 'Pause').isVisible())) return true;
    }
    await page.waitForTimeout(50);
  }
  const standing = (await runs(session.page)).map(({ id, status, error }) => `run ${id} ${status} ${error?.message ?? ''}`);
  const alerts = await session.page.getByRole('alert').allInnerTexts();
  throw new Error(`Nothing goes on any more. ${standing.join('; ')}. The page says: ${alerts.join('; ') || 'nothing'}`);
}

/** Takes one step out; false where none is offered, or wanted. */
async function goOn(session: Session, found: readonly RunRow[], takesAtOnce: boolean): Promise<boolean> {
  const { page } = session;
  if (await press(button(page, 'Restart the worker'))) return true;
  if (await press(button(page, 'Open the GPU again'))) return true;
  // The way out that is offered is another backend, whose numbers are others.
  if (await page.getByRole('alert').filter({ hasText: 'Go on with WASM' }).isVisible()) {
    await session.begin();
    await page.reload();
    return true;
  }
  const isOver = !found.some(({ status }) => status === 'queued' || status === 'running');
  if ((takesAtOnce || isOver) && (await press(button(page, /^Resume (it|them)$/)))) return true;
  return isOver && startAgain(session, found);
}

/** What was left lying, by the buttons of its row; of an experiment by that of its page. */
async function startAgain(session: Session, found: readonly RunRow[]): Promise<boolean> {
  const { page } = session;
  const undone = found.filter(({ status }) => UNDONE.includes(status));
  const alone = undone.find(({ experimentId }) => experimentId === null);
  if (alone !== undefined) {
    // Which dataset was chosen a browser that is killed soon after may forget; the page lists the runs of one.
    await page.getByLabel('Dataset for new runs').selectOption(String(alone.datasetId));
    const row = page.getByRole('region', { name: 'Runs', exact: true });
    return press(row.getByRole('button', { name: /^(Resume from|Start anew)/ }).first());
  }
  const [first] = undone;
  if (first === undefined) return false;
  await page.goto(`${page.url().split('#')[0]}#/experiment?id=${first.experimentId}`);
  const again = page.getByRole('button', { name: /^Try \d+ again$/ });
  await again.click();
  await session.begin();
  return true;
}
