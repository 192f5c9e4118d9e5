import { describe, expect, it } from 'vitest';
import { BEAT, Heartbeat, MOST_UNANSWERED } from './lifeline.ts';

/** Beats, from the first one on, at so many milliseconds from each other: which of them make the worker silent. */
function silentAt(heartbeat: Heartbeat, from: number, gaps: readonly number[]): number[] {
  let now = from;
  return gaps.flatMap((gap, i) => {
    now += gap;
    return heartbeat.beat(now) ? [i + 1] : [];
  });
}

const times = (n: number, gap: number) => Array.from({ length: n }, () => gap);

describe('a heartbeat', () => {
  it('takes a worker for silent once, after a minute without an answer', () => {
    expect(silentAt(new Heartbeat(0), 0, times(3 * MOST_UNANSWERED, BEAT))).toEqual([MOST_UNANSWERED]);
  });

  it('begins anew with each answer, and says when one comes after all', () => {
    const heartbeat = new Heartbeat(0);
    expect(silentAt(heartbeat, 0, times(MOST_UNANSWERED - 1, BEAT))).toEqual([]);
    expect(heartbeat.answered()).toBe(false);
    const from = (MOST_UNANSWERED - 1) * BEAT;
    expect(silentAt(heartbeat, from, times(MOST_UNANSWERED, BEAT))).toEqual([MOST_UNANSWERED]);
    expect(heartbeat.answered()).toBe(true);
  });

  it('does not count a closed lid, or a hidden tab whose timers come once a minute', () => {
    const almost = times(MOST_UNANSWERED - 1, BEAT);
    expect(silentAt(new Heartbeat(0), 0, [...almost, 3_600_000, ...almost])).toEqual([]);
    expect(silentAt(new Heartbeat(0), 0, times(100, 60_000))).toEqual([]);
  });

  it('still hears of a worker that was silent before the lid was closed', () => {
    const heartbeat = new Heartbeat(0);
    silentAt(heartbeat, 0, [...times(MOST_UNANSWERED, BEAT), 3_600_000]);
    expect(heartbeat.answered()).toBe(true);
  });
});
