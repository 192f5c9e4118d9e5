import { describe, expect, it } from 'vitest';
import { networkOf, withNetwork } from './methods.ts';

describe('the policy network', () => {
  it('is that of the UAF methods that learn one', () => {
    const methods = ['uaf-rl', 'most-popular', 'uaf-random', 'finetune-last-3', 'uaf-hard'];
    expect(networkOf(methods)).toBe('convolutions');
    const both = withNetwork(methods, 'both');
    expect(both).toEqual(['most-popular', 'uaf-random', 'uaf-hard', 'uaf-rl', 'uaf-hard-gru', 'uaf-rl-gru', 'finetune-last-3']);
    expect(networkOf(both)).toBe('both');
    const gru = withNetwork(both, 'gru');
    expect(gru).toEqual(['most-popular', 'uaf-random', 'uaf-hard-gru', 'uaf-rl-gru', 'finetune-last-3']);
    expect(networkOf(gru)).toBe('gru');
    expect(withNetwork(gru, 'convolutions')).toEqual(withNetwork(methods, 'convolutions'));
  });
});
