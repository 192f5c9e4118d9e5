import { describeMethod } from '../configuration/methods.ts';
import { parameterCounts } from '../configuration/parameterCounts.ts';
import { pretrainingKey } from '../configuration/pretrainingKey.ts';
import type { Configuration } from '../configuration/schema.ts';
import type { DatasetFigures } from '../data/dataset.ts';
import type { DatasetRow } from './database.ts';

/** Models without a policy are kept up to so many bytes: nothing but their lists and vectors can be asked of them. */
export const MOST_PLAIN_MODEL = 2 ** 26;

/** What runs will take on disk, in bytes. At most: runs may stop early. */
export interface RunsRoom {
  /** Of all epochs, and of the best one once more. */
  readonly policies: number;
  /** Of the test instances. */
  readonly ranks: number;
  readonly models: number;
  /** Pre-trained models that are not here yet. */
  readonly pretrained: number;
  /** Settings, results and epochs, roughly. */
  readonly records: number;
  /** The largest checkpoint while it is replaced by the next: it is there only as long as a run is not finished. */
  readonly checkpoint: number;
}

/** Runs that are asked for on one dataset. */
export interface AskedRuns {
  readonly dataset: Pick<DatasetRow, 'id' | 'task' | 'figures'>;
  readonly configurations: readonly Configuration[];
}

/** Bytes a number of a model has. */
const VALUE = 4;
/** Instance, target, user, and a rank among the candidates and among all; of a profile task one prediction. */
const RANKED = 5 * 4;
const PREDICTED = 4 * 4;

/** A run's settings with the results; a metric's name with its value, two to a protocol. Measured. */
const RUN_ROW = 4500;
const METRIC = 19;
const EPOCH_ROW = 220;
/** What the head of a checkpoint says of its tensors, for each block; measured of the methods with the most of them. */
const HEAD_OF_BLOCK = 9000;

/**
 * What runs will take, before they start: a byte for each gate of each epoch, four for each value of a model.
 *
 * @param kept keys of pre-trained models that are here: whatever the backend was, since which one will be used may not be known
 * @param isSearch of trials only the best of each method keeps its model
 */
export function roomOfRuns(
  parts: readonly AskedRuns[],
  kept: readonly (readonly [number, string])[],
  isSearch: boolean,
): RunsRoom {
  const room = { policies: 0, ranks: 0, models: 0, pretrained: 0, records: 0, checkpoint: 0 };
  const pretrained = new Set<string>();
  for (const { dataset, configurations } of parts) {
    const searched = new Map<string, number>();
    const here = kept.filter(([id]) => id === dataset.id).map(([, key]) => key);
    for (const configuration of configurations) {
      const { task, figures } = dataset;
      const { method, fineTuning, dilations } = configuration;
      const { policy, pretrained: startsPretrained } = describeMethod(method);
      const epochs = method === 'most-popular' ? 0 : fineTuning.epochs;
      const policies = policy === null ? 0 : dilations.length * figures.targetUsers;
      room.policies += policies * (epochs + 1);
      room.ranks += testInstances(configuration, figures) * (task === 'profile' ? PREDICTED : RANKED);
      const model = VALUE * modelValues(configuration, figures);
      if (policy !== null || model <= MOST_PLAIN_MODEL) {
        room.models += Math.max(0, model - (searched.get(method) ?? 0));
        if (isSearch) searched.set(method, Math.max(model, searched.get(method) ?? 0));
      }
      const ofEpochs = epochs * (EPOCH_ROW + metricsOf(configuration, dataset));
      room.records += RUN_ROW + ofEpochs;
      const head = HEAD_OF_BLOCK * dilations.length + ofEpochs;
      // Of what is trained two moments and the best so far, too; one is written before the other goes.
      const states = 3 * VALUE * trainedValues(configuration, figures) + rowSteps(configuration, figures);
      if (epochs > 0) room.checkpoint = Math.max(room.checkpoint, 2 * (model + states + head));
      const key = pretrainingKey(configuration);
      const name = `${dataset.id} ${key}`;
      if (!startsPretrained || pretrained.has(name) || here.some((known) => known.endsWith(key))) continue;
      pretrained.add(name);
      const values = VALUE * pretrainingValues(configuration, figures);
      room.pretrained += values;
      // Nothing is best there yet.
      const ofRows = VALUE * 3 * (figures.sourceItems + 1);
      room.checkpoint = Math.max(room.checkpoint, 2 * (3 * values + ofRows + head));
    }
  }
  return room;
}

/** What stays once all of them are finished. */
export const lastingOf = ({ policies, ranks, models, pretrained, records }: RunsRoom): number =>
  policies + ranks + models + pretrained + records;

function metricsOf({ evaluation: { cutoffs } }: Configuration, { task, figures }: AskedRuns['dataset']): number {
  if (task === 'profile') return 100 + 3 * figures.targetItems ** 2;
  // 5 is always among them; value and error of three metrics under both protocols.
  return new Set([5, ...cutoffs]).size * 3 * 4 * METRIC;
}

/** 15 % of all, or one of each user; the validation instances test, too, where the best epoch is chosen on them. */
function testInstances({ dataset: { split }, fineTuning }: Configuration, { instances, targetUsers }: DatasetFigures): number {
  const parts = fineTuning.selectOn === 'test' ? 2 : 1;
  if (split === 'latest') return Math.min(instances, parts * targetUsers);
  return Math.floor(0.15 * instances) + (parts === 2 ? Math.floor(0.05 * instances) : 0);
}

/** Values of a method's model: what `engine/methods` makes, counted without making it. */
export function modelValues(configuration: Configuration, figures: Pick<DatasetFigures, 'sourceItems' | 'targetItems'>): number {
  const { method, channels: k, dilations, adapterWidth } = configuration;
  if (method === 'most-popular') return figures.targetItems;
  const { policy } = describeMethod(method);
  const counts = parameterCounts(configuration, figures, policy === 'soft' ? 1 : 2);
  const plain = counts.itemEmbedding + dilations.length * counts.block + counts.target;
  if (method === 'mtl') return plain + counts.output;
  // Down and up again, with biases, after both convolutions of a block.
  if (method === 'peterrec') return plain + dilations.length * 2 * (2 * k * adapterWidth + adapterWidth + k);
  if (policy === null) return plain;
  const branches = plain + dilations.length * counts.block;
  if (method === 'uaf-random') return branches;
  const body = method.endsWith('-gru') ? 2 * (3 * k * k + 3 * k) : counts.policyBlocks;
  return branches + counts.policyEmbedding + body + counts.policyOutput;
}

/** Of them those that are trained: what Adam has moments of, and what the best epoch is kept of. */
export function trainedValues(
  configuration: Configuration,
  figures: Pick<DatasetFigures, 'sourceItems' | 'targetItems'>,
): number {
  const { method, channels: k, dilations, adapterWidth, adapterNorms } = configuration;
  const { block, target } = parameterCounts(configuration, figures);
  const blocks = dilations.length;
  switch (method) {
    case 'most-popular':
      return 0;
    case 'finetune-cls':
      return target;
    // Down and up, with biases, and gain and bias of the norms.
    case 'peterrec':
      return target + blocks * 2 * (2 * k * adapterWidth + adapterWidth + k + (adapterNorms === 'trained' ? 2 * k : 0));
    default: {
      const last = /^finetune-last-(\d+)$/.exec(method);
      if (last !== null) return target + Math.min(blocks, Number(last[1])) * block;
      const isFrozen = describeMethod(method).policy !== null;
      return modelValues(configuration, figures) - (isFrozen ? blocks * block : 0);
    }
  }
}

/** Bytes that say when each row of the trained tables was stepped last: embeddings, and weights and biases of the classes. */
function rowSteps({ method }: Configuration, { sourceItems, targetItems }: DatasetFigures): number {
  if (method === 'most-popular') return 0;
  const { policy } = describeMethod(method);
  const isEmbeddingFrozen = method === 'finetune-cls' || method === 'peterrec' || method.startsWith('finetune-last');
  const hasPolicyEmbedding = policy !== null && method !== 'uaf-random';
  const tables = (isEmbeddingFrozen ? 0 : 1) + (hasPolicyEmbedding ? 1 : 0) + (method === 'mtl' ? 2 : 0);
  return VALUE * (tables * (sourceItems + 1) + 2 * targetItems);
}

function pretrainingValues(configuration: Configuration, figures: DatasetFigures): number {
  const { itemEmbedding, block, output } = parameterCounts(configuration, figures);
  return itemEmbedding + configuration.dilations.length * block + output;
}
