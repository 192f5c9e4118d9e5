import { describeMethod } from '../../configuration/methods.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { Sizes } from '../../engine/planner/plan.ts';
import type { DatasetRow } from '../../storage/database.ts';

/** The stages that a run goes through, each with sizes of its own; none where nothing is trained. */
export function stagesOf(configuration: Configuration, { task, figures }: Pick<DatasetRow, 'task' | 'figures'>): Sizes[] {
  if (configuration.method === 'most-popular') return [];
  const { sourceItems, targetItems, sourceUsers } = figures;
  const instances = Math.max(1, Math.round(0.8 * figures.instances * configuration.fineTuning.trainingFraction));
  const sizes = { configuration, task, sourceItems, targetItems, sourceUsers, instances };
  const { pretrained } = describeMethod(configuration.method);
  const stages = [...(pretrained ? (['pretraining'] as const) : []), 'fine-tuning' as const];
  return stages.map((stage) => ({ ...sizes, stage }));
}

/** Equal for stages whose steps are alike: what decides on shapes, and on what is computed. */
export function keyOf({ configuration, ...sizes }: Sizes): string {
  const { method, channels, dilations, kernelSize, sequenceLength, pretraining, fineTuning } = configuration;
  const network = [channels, dilations, kernelSize, sequenceLength];
  const { batchSize, softmax, sampledItems } = pretraining;
  const source = [batchSize, softmax, softmax === 'sampled' ? sampledItems : 0];
  if (sizes.stage === 'pretraining') return JSON.stringify([sizes, network, source]);
  const { readout, targetBias, adapterWidth, adapterNorms } = configuration;
  return JSON.stringify([sizes, network, method, source, fineTuning.batchSize, readout, targetBias, adapterWidth, adapterNorms]);
}

/** Roughly how large a stage is: what decides which ones are planned where there are many. */
export const extent = ({ configuration: { channels, dilations, sequenceLength }, sourceItems }: Sizes): number =>
  channels * (sourceItems + 100 * dilations.length * sequenceLength);
