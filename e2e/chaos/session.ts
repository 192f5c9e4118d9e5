import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import { LAUNCH } from '../chromium.ts';
import type { QueuePlan } from './queue.ts';

/** A GPU process that was crashed many times comes back each time, for every page. */
const FORGIVING = ['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'];

const MOST_MILLISECONDS = 60_000;

declare global {
  interface Window {
    /** The newest one, to be ended from outside as a browser would end it. */
    trainingWorker?: Worker;
  }
}

/** A Chromium with a profile on disk, and the tab in it that is used. */
export class Session {
  /** What the console said that nothing has explained, and whatever was not caught. */
  readonly complaints: string[] = [];
  /** What belongs to the last kill may be said by any page. */
  private explained: readonly RegExp[] = [];

  private constructor(
    private readonly url: string,
    private readonly profile: string,
    private readonly backend: QueuePlan['backend'],
    private context: BrowserContext,
    public page: Page,
  ) {}

  /** @param url of the built studio, with a slash at its end @param profile a folder, empty or of a session before */
  static async open(url: string, profile: string, backend: QueuePlan['backend']): Promise<Session> {
    const context = await launch(url, profile);
    const session = new Session(url, profile, backend, context, context.pages()[0]);
    await session.prepare();
    return session;
  }

  private async prepare(): Promise<void> {
    this.context.setDefaultTimeout(MOST_MILLISECONDS);
    this.context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.hear(`console ${message.type()}: ${message.text()}`);
    });
    this.context.on('weberror', (error) => this.hear(`uncaught: ${error.error().message}`));
    await this.context.addInitScript(choose, this.backend);
    await this.context.addInitScript(keepTrainingWorker);
  }

  private hear(complaint: string): void {
    if (!this.explained.some((pattern) => pattern.test(complaint))) this.complaints.push(complaint);
  }

  /** From now on these are no complaints, and what was explained before is one again. */
  explain(patterns: readonly RegExp[]): void {
    this.explained = patterns;
  }

  /** Another tab, not yet used, with nothing in it. */
  newPage(): Promise<Page> {
    return this.context.newPage();
  }

  /** Opens the Train page anew in the tab that is used; settles as soon as the browser begins with it. */
  async begin(page = this.page): Promise<void> {
    await page.goto(`${this.url}#/train`, { waitUntil: 'commit' });
  }

  /** Of the tab: for what Playwright itself does not do. */
  cdp(page = this.page): Promise<CDPSession> {
    return this.context.newCDPSession(page);
  }

  /** Of the browser. */
  browserCdp(): Promise<CDPSession> {
    const browser = this.context.browser();
    if (browser === null) throw new Error('This session has no browser.');
    return browser.newBrowserCDPSession();
  }

  /** Ends all of the browser's processes at once, as a power cut would, and starts it again with the same profile. */
  async killBrowser(): Promise<void> {
    const { processInfo } = await (await this.browserCdp()).send('SystemInfo.getProcessInfo');
    const own = processInfo.find(({ type }) => type === 'browser');
    if (own === undefined) throw new Error('The browser does not say which process it is.');
    const closed = new Promise((resolve) => this.context.once('close', resolve));
    process.kill(own.id, 'SIGKILL');
    await closed;
    this.context = await launch(this.url, this.profile);
    this.page = this.context.pages()[0];
    await this.prepare();
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

/** Work in a profile of its own, which is gone afterwards. */
export async function inProfile<T>(
  url: string,
  backend: QueuePlan['backend'],
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'uaf-studio-profile-'));
  try {
    const session = await Session.open(url, profile, backend);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  } finally {
    // The browser's last processes may still write.
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

const launch = (baseURL: string, profile: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, {
    ...LAUNCH,
    args: [...LAUNCH.args, ...FORGIVING],
    headless: true,
    baseURL,
    viewport: { width: 1440, height: 900 },
  });

/** In the page, before anything else: the backend is chosen by hand. */
function choose(backend: string): void {
  // An empty page has no storage.
  if (location.protocol !== 'http:') return;
  const key = 'uaf-studio preferences';
  const stored = JSON.parse(localStorage.getItem(key) ?? '{"state":{},"version":0}');
  localStorage.setItem(key, JSON.stringify({ ...stored, state: { ...stored.state, backend } }));
}

/** In the page, before anything else. */
function keepTrainingWorker(): void {
  window.Worker = class extends Worker {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(address, options);
      if (options?.name === 'training') window.trainingWorker = this;
    }
  };
}
