import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Unsaved } from './protocol.ts';
import { Saving } from './saving.ts';

let full = false;
let told: (Unsaved | null)[] = [];
let stored: string[] = [];
let saving: Saving;
let mayWait = true;

const write = (what: string) =>
  saving.write(what, async () => {
    if (full)
      throw Object.assign(new Error('aborted'), { name: 'AbortError', inner: new DOMException('', 'QuotaExceededError') });
    stored.push(what);
  });

beforeEach(() => {
  vi.useFakeTimers();
  [full, mayWait, told, stored] = [false, true, [], []];
  saving = new Saving(
    (unsaved) => told.push(unsaved),
    () => mayWait,
  );
});
afterEach(() => {
  saving.dispose();
  vi.useRealTimers();
});

describe('saving', () => {
  it('lets what cannot be stored wait, in its order, until there is room', async () => {
    await write('epoch 1');
    expect(told).toEqual([]);
    full = true;
    await write('epoch 2');
    await write('epoch 3');
    expect(told.at(-1)).toMatchObject({ what: ['epoch 2', 'epoch 3'], why: 'full' });
    expect(stored).toEqual(['epoch 1']);
    full = false;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(stored).toEqual(['epoch 1', 'epoch 2', 'epoch 3']);
    expect(told.at(-1)).toBeNull();
  });

  it('stores what waits before what comes', async () => {
    full = true;
    await write('epoch 1');
    full = false;
    await write('epoch 2');
    expect(stored).toEqual(['epoch 1', 'epoch 2']);
    expect(told.at(-1)).toBeNull();
  });

  it('lets the end of a run wait for room, unless it is given up', async () => {
    full = true;
    await write('epoch 1');
    let turns = 0;
    const given = saving.settled(async () => {
      if (++turns === 3) throw new Error('stopped');
    });
    const refused = expect(given).rejects.toThrow('stopped');
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
    const settled = saving.settled(async () => {});
    full = false;
    await vi.advanceTimersByTimeAsync(4_000);
    await settled;
    expect(stored).toEqual(['epoch 1']);
  });

  it('tells the next writer, or the end, of what failed for another reason while it waited', async () => {
    for (const next of [() => write('epoch 2'), () => saving.settled(async () => {})]) {
      let tries = 0;
      await saving.write('epoch 1', () =>
        Promise.reject(tries++ === 0 ? new DOMException('', 'QuotaExceededError') : new TypeError('gone')),
      );
      await vi.advanceTimersByTimeAsync(3_000);
      expect([tries, saving.isWaiting]).toEqual([2, false]);
      await expect(next()).rejects.toThrow('gone');
      await next();
    }
    expect(stored).toEqual(['epoch 2']);
  });

  it('tells the writer of any other fault, and of one that cannot pass', async () => {
    await expect(saving.write('x', () => Promise.reject(new TypeError('y')))).rejects.toThrow('y');
    full = true;
    mayWait = false;
    await expect(write('epoch 1')).rejects.toThrow('aborted');
    full = false;
    await write('epoch 2');
    expect(stored).toEqual(['epoch 2']);
  });

  it('does not tell that all is saved once something was given up while it waited', async () => {
    let tries = 0;
    await saving.write('epoch 1', () =>
      Promise.reject(tries++ === 0 ? new DOMException('', 'QuotaExceededError') : new TypeError('the run was stopped')),
    );
    await vi.advanceTimersByTimeAsync(3_000);
    expect([tries, saving.isWaiting]).toEqual([2, false]);
    await expect(saving.settled(async () => {})).rejects.toThrow('stopped');
    await write('why it failed');
    saving.dispose();
    expect(told).toHaveLength(1);
    expect(told).not.toContain(null);
  });

  it('does not tell that what was given up is saved, nor anything after its end', async () => {
    full = true;
    await write('epoch 1');
    expect(told).toHaveLength(1);
    saving.dispose();
    expect(told).toHaveLength(1);
    // The same while an attempt is on its way, whatever comes of it.
    for (const outcome of ['stored', 'full'] as const) {
      const heard: (Unsaved | null)[] = [];
      const other = new Saving(
        (unsaved) => heard.push(unsaved),
        () => true,
      );
      let attempts = 0;
      let end: () => void = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      await other.write('epoch 1', async () => {
        if (++attempts > 1) await ended;
        if (attempts === 1 || outcome === 'full') throw new DOMException('', 'QuotaExceededError');
      });
      await vi.advanceTimersByTimeAsync(3_000);
      expect([attempts, heard.length]).toEqual([2, 1]);
      other.dispose();
      end();
      await vi.advanceTimersByTimeAsync(10);
      expect(heard).toHaveLength(1);
    }
  });
});
