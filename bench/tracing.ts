import type { Browser, Page } from '@playwright/test';
import { type Busy, busyOf, CATEGORIES, type TraceEvent } from './traceEvents.ts';

/** Milliseconds: what is longer keeps a click waiting so that one notices. */
export const LONGEST_TASK = 50;
const FRAMES = 'framesSeen';

/** Traces what happens on the page while something is done. */
export async function traced(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<Busy & { frames: readonly number[] }> {
  await page.evaluate((name) => {
    const frames: number[] = [];
    Object.assign(window, { [name]: frames });
    const frame = (time: number) => {
      frames.push(time);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }, FRAMES);
  await browser.startTracing(page, { categories: ['-*', ...CATEGORIES] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] };
  const busy = busyOf(traceEvents);
  // A page that was opened meanwhile has none.
  const times = await page.evaluate((name) => (Reflect.get(window, name) ?? []) as number[], FRAMES);
  return { ...busy, frames: times.slice(1).map((time, i) => time - times[i]) };
}

export const tooLong = (tasks: readonly number[]): number => tasks.filter((task) => task > LONGEST_TASK).length;
export const cell = (value: number, width: number, digits = 0): string => value.toFixed(digits).padStart(width);
