import type { KernelName, Kernels } from './heap.ts';

/** Starts a thread that runs `thread.mjs`, and says when it has sent its first message, or why it will not. */
export type StartThread = (ready: () => void, failed: (message: string) => void) => { postMessage(message: unknown): void };

/** Words of a call, and those of the thread's state before them. */
const MOST_WORDS = 32;
const STATE_BYTES = 16;
export const CONTROL_BYTES = STATE_BYTES + 8 * MOST_WORDS;

/** Looks before it sleeps; longer than most kernels take. */
const SPINS = 100_000;
/** No part of a kernel takes so long, in milliseconds. */
const PATIENCE = 60_000;

/** A second thread over the same memory: it computes one half of a kernel while the first computes the other. */
export class Helper {
  private readonly state: Int32Array;
  private readonly words: Float64Array;
  private asked = 0;

  private constructor(
    memory: WebAssembly.Memory,
    control: number,
    private readonly kernels: Kernels,
    private readonly names: readonly KernelName[],
  ) {
    this.state = new Int32Array(memory.buffer, control, 4);
    this.words = new Float64Array(memory.buffer, control + STATE_BYTES, MOST_WORDS);
  }

  /** @throws Error if the thread does not start */
  static async start(
    start: StartThread,
    bytes: ArrayBuffer,
    memory: WebAssembly.Memory,
    control: number,
    kernels: Kernels,
  ): Promise<Helper> {
    const names = Object.keys(kernels) as KernelName[];
    const helper = new Helper(memory, control, kernels, names);
    helper.state.fill(0);
    await new Promise<void>((resolve, reject) => {
      const failed = (message: string) => reject(new Error(`The second thread of WebAssembly did not start: ${message}`));
      start(resolve, failed).postMessage({ bytes, memory, control, names });
    });
    return helper;
  }

  /** Runs a kernel twice, at the same time. */
  both(name: KernelName, own: readonly number[], other: readonly number[]): void {
    this.words.set(other);
    this.state[2] = this.names.indexOf(name);
    this.state[3] = other.length;
    Atomics.store(this.state, 0, ++this.asked);
    Atomics.notify(this.state, 0);
    this.kernels[name](...own);
    let spins = 0;
    for (;;) {
      const answered = Atomics.load(this.state, 1);
      if (answered === this.asked) return;
      if (++spins > SPINS && Atomics.wait(this.state, 1, answered, PATIENCE) === 'timed-out') {
        throw new Error('The second thread of WebAssembly does not answer any more. Reload the page.');
      }
    }
  }
}

/**
 * tfjs's module with its memory marked as shared, which is one flag of its memory section: other threads may then compute in
 * it. tfjs itself stays on one thread; its own threaded module starts threads from the source text of its functions, which no
 * bundler leaves intact.
 */
export function withSharedMemory(module: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(module.slice(0));
  let at = 8;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === MEMORY_SECTION) {
      number();
      if (bytes[at] !== WITH_MAXIMUM) throw new Error(`tfjs’s WebAssembly module has a memory of kind ${bytes[at]}, not 1.`);
      bytes[at] = SHARED;
      return bytes.buffer;
    }
    at = end;
  }
  throw new Error('tfjs’s WebAssembly module has no memory section.');
}

const MEMORY_SECTION = 5;
const WITH_MAXIMUM = 1;
const SHARED = 3;
