import type { CDPSession, Page } from '@playwright/test';

const INTERVAL = 100;

/** What DevTools' `Runtime.getHeapUsage` says of a worker, in bytes. */
interface HeapUsage {
  /** JavaScript objects that are alive or not collected yet. */
  readonly usedSize: number;
  /** Of DOM objects, of which workers have few. */
  readonly embedderHeapUsedSize?: number;
  /** Typed arrays. */
  readonly backingStorageSize?: number;
}

/** The memory of a worker of a page, asked for ten times a second: objects (garbage included) and typed arrays. */
export class WorkerMemory {
  private peak = 0;
  private arrays = 0;
  private asked = 0;
  private ended = false;
  private failure: unknown = null;

  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
    private readonly worker: string,
  ) {}

  /** @param name of the worker, which may be started later */
  static async of(page: Page, name: string): Promise<WorkerMemory> {
    const session = await page.context().newCDPSession(page);
    const attached = new Promise<string>((resolve) => {
      session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
        if (targetInfo.type === 'worker' && targetInfo.title === name) resolve(sessionId);
      });
    });
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    const memory = new WorkerMemory(page, session, await attached);
    session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      if (sessionId === memory.worker) memory.receive(JSON.parse(message));
    });
    void memory.ask();
    return memory;
  }

  /**
   * The most that was seen since the last time, in bytes: of all, and of typed arrays.
   *
   * @throws whatever kept it from asking on: later peaks would be too low
   */
  lap(): { peak: number; arrays: number } {
    if (this.failure !== null) throw this.failure;
    const { peak, arrays } = this;
    this.peak = this.arrays = 0;
    return { peak, arrays };
  }

  async end(): Promise<{ peak: number; arrays: number }> {
    this.ended = true;
    await this.session.detach();
    return this.lap();
  }

  private async ask(): Promise<void> {
    while (!this.ended) {
      const message = JSON.stringify({ id: ++this.asked, method: 'Runtime.getHeapUsage' });
      await this.session.send('Target.sendMessageToTarget', { sessionId: this.worker, message }).catch((error: unknown) => {
        // When the page is closed, or nobody asks any more, there is nothing to be missed.
        if (!this.ended && !this.page.isClosed()) this.failure = error;
        this.ended = true;
      });
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }

  private receive({ result }: { readonly result?: HeapUsage }): void {
    if (result === undefined) return;
    const arrays = result.backingStorageSize ?? 0;
    this.arrays = Math.max(this.arrays, arrays);
    this.peak = Math.max(this.peak, result.usedSize + arrays + (result.embedderHeapUsedSize ?? 0));
  }
}
