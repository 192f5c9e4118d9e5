import { describe, expect, it } from 'vitest';
import { recommendationOperations } from './cost.ts';
import { PRESETS } from './presets.ts';
import { complete, nest } from './schema.ts';

const of = (method: string, changes: Record<string, unknown> = {}) =>
  recommendationOperations(
    complete(PRESETS.quick, nest({ method, channels: 2, dilations: [1], sequenceLength: 7, ...changes })),
    10,
  );

const CONVOLUTION = 2 * 3 * 2 * 2;
const SCORES = 2 * 2 * 10;

describe('recommendationOperations', () => {
  it('counts the positions that the last one depends on', () => {
    // The second convolution (dilation 2) at the last position, the first at the three it reads.
    expect(of('finetune-all')).toBe(4 * CONVOLUTION + SCORES);
    expect(of('finetune-all', { readout: 'mean' })).toBe(14 * CONVOLUTION + SCORES);
  });

  it('runs one branch of hard gates and both of soft ones', () => {
    const network = of('uaf-hard') - of('uaf-random');
    expect(network).toBeGreaterThan(0);
    expect(of('uaf-random')).toBe(of('finetune-all'));
    expect(of('uaf-soft') - network + 2 * 2).toBe(of('finetune-all') + 4 * CONVOLUTION);
  });

  it('counts a GRU over the whole sequence', () => {
    expect(of('uaf-hard-gru')).toBe(of('finetune-all') + 7 * 2 * 6 * 2 * 2 + 2 * 2 * 2);
  });

  it('adds adapters after each convolution', () => {
    expect(of('peterrec', { adapterWidth: 3 })).toBe(of('finetune-all') + 4 * 4 * 2 * 3);
  });
});
