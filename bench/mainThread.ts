import type { CDPSession, Page } from '@playwright/test';
import { type Busy, busyOf, CATEGORIES, type TraceEvent } from './traceEvents.ts';

/** Shorter events than this many microseconds tell nothing, and an import has millions of them. */
const SHORTEST = 2000;

/** The tasks of a page's main thread, by Chromium's tracing: a part of what happens at a time. */
export class MainThread {
  private events: TraceEvent[] = [];

  private constructor(private readonly session: CDPSession) {}

  static async of(page: Page): Promise<MainThread> {
    const session = await page.context().newCDPSession(page);
    const thread = new MainThread(session);
    session.on('Tracing.dataCollected', ({ value }) => {
      for (const event of value as unknown[] as TraceEvent[])
        if (event.name === 'thread_name' || (event.dur ?? 0) >= SHORTEST) thread.events.push(event);
    });
    await thread.start();
    return thread;
  }

  /** What it was busy with since the last time. */
  async lap(): Promise<Busy> {
    const busy = await this.end();
    await this.start();
    return busy;
  }

  async end(): Promise<Busy> {
    const complete = new Promise((resolve) => this.session.once('Tracing.tracingComplete', resolve));
    await this.session.send('Tracing.end');
    await complete;
    const busy = busyOf(this.events);
    this.events = [];
    return busy;
  }

  private start(): Promise<unknown> {
    return this.session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { recordMode: 'recordAsMuchAsPossible', includedCategories: CATEGORIES, excludedCategories: ['*'] },
    });
  }
}
