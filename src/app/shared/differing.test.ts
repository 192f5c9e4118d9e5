import { expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import { differingAmong } from './differing.ts';

const of = (changes: Record<string, unknown>) => complete(PRESETS.quick, nest(changes));

it('names the keys that are not the same in all, in the order of a configuration', () => {
  const runs = [of({ seed: 2 }), of({ seed: 2, 'fineTuning.epochs': 3 }), of({ seed: 2, dilations: [1, 2], method: 'mtl' })];
  expect(differingAmong(runs)).toEqual(
    ['method', 'dilations', 'fineTuning.epochs'].filter((key) => key !== 'method' || PRESETS.quick.method !== 'mtl'),
  );
  expect(differingAmong([of({ dilations: [1, 4] }), of({ dilations: [1, 4] })])).toEqual([]);
  expect(differingAmong([])).toEqual([]);
});
