import { describe, expect, it } from 'vitest';
import { type Ask, judge } from './judge.ts';

const asked = (ask: Ask, effect: number, standardError = 0.002) => ({
  ask,
  margin: 0.01,
  test: { effect, standardError, p: null, n: 1000, seeds: 3, users: null, freedom: standardError === 0 ? 0 : 500 },
});
const answer = (...tests: Parameters<typeof asked>[]) => judge([tests.map((test) => asked(...test))])[0].answer;

describe('judge', () => {
  it('of more: the direction, if it is clear', () => {
    expect(answer(['more', 0.006])).toBe('holds');
    expect(answer(['more', -0.006])).toBe('does not hold');
    expect(answer(['more', 0.003])).toBe('cannot be told');
  });

  it('of much more: not what is only more', () => {
    expect(answer(['much more', 0.02])).toBe('holds');
    expect(answer(['much more', 0.005])).toBe('does not hold');
    expect(answer(['much more', 0.012])).toBe('cannot be told');
  });

  it('of at least: a tie is enough where it is sure, a clear loss is not', () => {
    expect(answer(['at least', 0])).toBe('holds');
    expect(answer(['at least', 0, 0.02])).toBe('cannot be told');
    // Surely below, and as surely not by as much as somebody would notice.
    expect(answer(['at least', -0.0045])).toBe('holds');
    expect(answer(['at least', -0.012])).toBe('cannot be told');
    expect(answer(['at least', -0.02])).toBe('does not hold');
  });

  it('of the same: within the margin, which is not what a test fails to tell apart', () => {
    expect(answer(['same', 0.004])).toBe('holds');
    expect(answer(['same', 0.004, 0.02])).toBe('cannot be told');
    expect(answer(['same', -0.03])).toBe('does not hold');
    expect(answer(['same', 0.03])).toBe('does not hold');
    // Surely not 0, and beyond the margin only as measured.
    expect(answer(['same', 0.012])).toBe('cannot be told');
    expect(answer(['same', -0.012])).toBe('cannot be told');
  });

  it('asks all tests for it and one against it, corrected for their number', () => {
    expect(answer(['more', 0.006], ['more', 0.02])).toBe('holds');
    expect(answer(['more', 0.003], ['more', 0.02])).toBe('cannot be told');
    expect(answer(['more', -0.006], ['more', 0.02])).toBe('does not hold');
    // t = −2.25, p = .025: enough alone, not among three.
    expect(answer(['more', -0.0045])).toBe('does not hold');
    expect(answer(['more', -0.0045], ['more', 0.02], ['more', 0.02])).toBe('cannot be told');
  });

  it('tells nothing without tests or spread', () => {
    expect(answer()).toBe('cannot be told');
    expect(answer(['more', 0.1, 0])).toBe('cannot be told');
    expect(judge([[asked('same', 0, 0)]])).toEqual([{ answer: 'cannot be told', claimed: [null], contrary: [null] }]);
  });

  it('corrects for the tests on all datasets', () => {
    // t = −2.25, p = .025: against it on one dataset alone, not as the worst of many.
    const [against, alike] = [asked('more', -0.0045), asked('more', 0)];
    const answers = (others: number) => judge([[against], ...Array.from({ length: others }, () => [alike])]);
    expect(answers(0)[0].answer).toBe('does not hold');
    expect(answers(2).map((one) => one.answer)).toEqual(['cannot be told', 'cannot be told', 'cannot be told']);
    expect(judge([[asked('more', 0.02)], [], [asked('more', -0.02), alike]])).toMatchObject([
      { answer: 'holds', claimed: [expect.any(Number)] },
      { answer: 'cannot be told', claimed: [] },
      { answer: 'does not hold', claimed: [1, 1] },
    ]);
  });
});
