import fc from 'fast-check';
import { expect, it } from 'vitest';
import { POLICY_DILATIONS, receptiveField } from '../../configuration/receptiveField.ts';
import { receptiveTree } from './receptiveTree.ts';

it('the demo: a trunk of [1, 1] sees 13 of 17 positions, the policy network all of them', () => {
  const { seen, layers } = receptiveTree([1, 1], 3, 17);
  expect(seen).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  expect(layers.map(({ dilation }) => dilation)).toEqual([2, 1, 2, 1]);
  expect(layers[0]).toEqual({
    dilation: 2,
    outputs: [16],
    edges: [
      { from: 16, to: 16 },
      { from: 16, to: 14 },
      { from: 16, to: 12 },
    ],
  });
  expect(receptiveTree(POLICY_DILATIONS, 3, 17).seen).toHaveLength(17);
});

it('reaches as far back as the receptive field says, or to the beginning', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 60 }),
      (dilations, kernelSize, length) => {
        const { seen } = receptiveTree(dilations, kernelSize, length);
        expect(seen.at(-1)).toBe(length - 1);
        // The oldest tap of all convolutions together; where that is padding, something between is the oldest.
        const field = receptiveField(dilations, kernelSize);
        if (field <= length) expect(seen[0]).toBe(length - field);
        else expect(seen.length).toBeLessThanOrEqual(length);
      },
    ),
  );
});
