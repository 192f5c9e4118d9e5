import { describe, expect, it } from 'vitest';
import { computedBy } from './runWrites.ts';

describe('what a run is computed by', () => {
  it('names each change of its backend once, and where it began', () => {
    expect(computedBy(undefined, 'wasm a')).toEqual({ all: 'wasm a', first: null });
    expect(computedBy('wasm a', 'wasm a')).toEqual({ all: 'wasm a', first: null });
    const two = computedBy('webgpu x', 'wasm a');
    expect(two).toEqual({ all: 'webgpu x, then wasm a', first: 'webgpu x' });
    expect(computedBy(two.all, 'wasm a')).toEqual(two);
    expect(computedBy(two.all, 'webgpu x').all).toBe('webgpu x, then wasm a, then webgpu x');
  });
});
