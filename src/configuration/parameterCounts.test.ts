import { describe, expect, it } from 'vitest';
import { methodOf } from '../engine/methods/registry.ts';
import type { ParameterSpecification } from '../engine/model/parameters.ts';
import { pretrainingParameters } from '../engine/training/pretraining.ts';
import { parameterCounts } from './parameterCounts.ts';
import { PRESETS } from './presets.ts';
import { type Configuration, complete } from './schema.ts';

const ITEMS = { sourceItems: 120, targetItems: 35 };

/** What the engine makes tensors of, summed over the names that begin so. */
const total = (specifications: readonly ParameterSpecification[], prefix: string) =>
  specifications
    .filter(({ name }) => name.startsWith(prefix))
    .reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);

const context = (configuration: Configuration) => ({
  configuration,
  task: 'ranking' as const,
  ...ITEMS,
  popularity: new Float32Array(ITEMS.targetItems),
});

describe("parameters counted from the configuration are those of the engine's own specifications", () => {
  it.each([
    PRESETS.paper,
    PRESETS.quick,
    complete(PRESETS.quick, { kernelSize: 5, channels: 7, dilations: [2, 1, 3], targetBias: false }),
  ])('$channels channels, dilations $dilations', (configuration) => {
    const counts = parameterCounts(configuration, ITEMS);
    const pretraining = pretrainingParameters(configuration, ITEMS.sourceItems);
    const hard = methodOf('uaf-hard').parameters(context(configuration));
    const blocks = configuration.dilations.length;
    for (const specifications of [pretraining, hard]) {
      expect(total(specifications, 'item_embedding')).toBe(counts.itemEmbedding);
      expect(total(specifications, 'blocks.')).toBe(blocks * counts.block);
    }
    expect(total(pretraining, 'output.')).toBe(counts.output);
    expect(total(pretraining, '')).toBe(counts.itemEmbedding + blocks * counts.block + counts.output);
    expect(total(hard, 'tuned_blocks.')).toBe(blocks * counts.block);
    expect(total(hard, 'target.')).toBe(counts.target);
    expect(total(hard, 'policy.item_embedding')).toBe(counts.policyEmbedding);
    expect(total(hard, 'policy.blocks.')).toBe(counts.policyBlocks);
    expect(total(hard, 'policy.output.')).toBe(counts.policyOutput);
    const soft = methodOf('uaf-soft').parameters(context(configuration));
    expect(total(soft, 'policy.output.')).toBe(parameterCounts(configuration, ITEMS, 1).policyOutput);
  });
});
