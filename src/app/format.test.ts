import { describe, expect, it } from 'vitest';
import { bytes, digitsFor, duration, withError } from './format.ts';

describe('numbers on screen', () => {
  it('shows no more digits than the standard error supports', () => {
    expect(withError(0.67041, 0.01356)).toBe('0.670 ± 0.014');
    expect(withError(0.5, 0.12)).toBe('0.50 ± 0.12');
    expect(digitsFor(0)).toBe(3);
  });

  it('writes durations and sizes in words one can read', () => {
    expect(duration(0.2)).toBe('under 1 s');
    expect(duration(59.7)).toBe('1 min 0 s');
    expect(duration(3700)).toBe('1 h 1 min');
    expect(bytes(999)).toBe('999 B');
    expect(bytes(1_234_567)).toBe('1.2 MB');
  });
});
