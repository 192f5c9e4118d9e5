import { describe, expect, it } from 'vitest';
import { METHODS } from '../engine/methods/registry.ts';
import { METHOD_DESCRIPTIONS } from './methods.ts';
import { PRESETS, presetFor } from './presets.ts';
import { receptiveField } from './receptiveField.ts';
import { complete, differences, flatten, nest, parseValue } from './schema.ts';

describe('configuration', () => {
  it('names the nearest key to one it does not know', () => {
    expect(() => complete(PRESETS.quick, { chanels: 8 })).toThrow(
      'There is no configuration key “chanels”. The nearest is “channels”.',
    );
    expect(() => complete(PRESETS.quick, nest({ 'fineTuning.epoch': 8 }))).toThrow('The nearest is “fineTuning.epochs”.');
  });

  it('refuses impossible values by name', () => {
    expect(() => complete(PRESETS.quick, { channels: 0 })).toThrow(/“channels” is not possible/);
    expect(() => complete(PRESETS.quick, nest({ 'dataset.split': 'sideways' }))).toThrow(/“dataset.split” is not possible/);
    expect(() => complete(PRESETS.quick, { temperature: 'hot' })).toThrow(/“temperature” is not possible/);
  });

  it('changes what is asked for and nothing else', () => {
    const changed = complete(PRESETS.paper, nest({ 'fineTuning.epochs': 3, dilations: [1, 1] }));
    expect(differences(changed, PRESETS.paper)).toEqual({ 'fineTuning.epochs': 3, dilations: [1, 1] });
    expect(complete(PRESETS.paper, nest(flatten(changed)))).toEqual(changed);
  });

  it('reads values of the command line as what they are', () => {
    expect(['8', '[1,4]', 'true', 'uaf-hard', '0.001'].map(parseValue)).toEqual([8, [1, 4], true, 'uaf-hard', 0.001]);
  });

  it('lets the adapters be a quarter of the channels wide, unless they have a width of their own', () => {
    const widthOf = (changes: Record<string, unknown>) => complete(PRESETS.quick, changes).adapterWidth;
    expect([widthOf({}), widthOf({ channels: 64 }), widthOf({ channels: 2 })]).toEqual([4, 16, 1]);
    expect(widthOf({ channels: 64, adapterWidth: 4 })).toBe(4);
    expect(complete(complete(PRESETS.quick, { adapterWidth: 7 }), { channels: 64 }).adapterWidth).toBe(7);
  });

  it('quick takes a trunk that cannot see the markers of `hidden`', () => {
    const hidden = presetFor('quick', { scenario: 'hidden', sourceItems: 132 });
    expect(receptiveField(hidden.dilations, hidden.kernelSize)).toBe(13);
    expect(presetFor('quick', { scenario: null, sourceItems: 132 }).dilations).toEqual([1, 4]);
    expect(receptiveField([1, 4], 3)).toBe(31);
  });
});

describe('methods', () => {
  it('are described exactly if they are computed', () => {
    expect(METHOD_DESCRIPTIONS.map(({ id }) => id)).toEqual(METHODS.map(({ id }) => id));
    expect(METHOD_DESCRIPTIONS.filter(({ policy }) => policy !== null).map(({ id }) => id)).toEqual(
      METHODS.filter(({ policy }) => policy !== undefined).map(({ id }) => id),
    );
  });
});
