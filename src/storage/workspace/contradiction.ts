import { type Dataset, inParts, type Ragged, type Values } from '../../data/dataset.ts';
import type { StoredParameters } from '../../engine/model/parameters.ts';
import type { DatasetRow } from '../database.ts';
import type { RunRecord } from './schemas.ts';

/**
 * What of a dataset from elsewhere cannot be true, in words; null where all can. Everything that runs and pages go by is looked at.
 *
 * @param turn awaited between parts of its values, which may lie in a file
 */
export async function contradictionInDataset(
  dataset: Dataset,
  row: Pick<DatasetRow, 'task' | 'figures'>,
  turn: () => Promise<void>,
): Promise<string | null> {
  const { users, sourceItems, targetItems, sourceNames, targetNames, source, targets, attributes, pretrainingUsers } = dataset;
  if (!(await areRows(source, users.length, 1, sourceItems.length, turn)))
    return 'its source sequences are not of its users and items';
  if (!(await areRows(targets, users.length, 0, targetItems.length, turn))) return 'its targets are not of its users and items';
  if (pretrainingUsers > users.length) return 'it has fewer users than it says';
  if (sourceItems[0] !== '') return 'its source items have no place for padding';
  if ((sourceNames ?? sourceItems).length !== sourceItems.length || (targetNames ?? targetItems).length !== targetItems.length)
    return 'its names are not of its items';
  for (const { values, codes } of attributes) {
    if (codes.length !== users.length || codes.some((code) => code >= values.length))
      return 'its attributes are not of its users';
  }
  let targetUsers = 0;
  for (let u = 0; u < users.length; u++) {
    const own = targets.offsets[u + 1] - targets.offsets[u];
    if (own > 0) targetUsers++;
    if (own > 1 && dataset.task === 'profile') return 'it has users of two classes';
  }
  const counted = {
    sourceUsers: pretrainingUsers,
    sourceItems: sourceItems.length - 1,
    sourceInteractions: source.offsets[pretrainingUsers],
    targetUsers,
    targetItems: targetItems.length,
    instances: targets.values.length,
  };
  const wrong = Object.entries(counted).find(
    ([key, value]) =>
      value !== dataset.figures[key as keyof typeof counted] || value !== row.figures[key as keyof typeof counted],
  );
  if (wrong !== undefined) return `its figure “${wrong[0]}” is not what its contents have`;
  return dataset.task === row.task ? null : 'it is of two tasks';
}

/** Whether rows are `users` ones of numbers from `least` to below `most`. */
async function areRows(
  { offsets, values }: Ragged<Values>,
  users: number,
  least: number,
  most: number,
  turn: () => Promise<void>,
): Promise<boolean> {
  if (offsets.length !== users + 1 || offsets[0] !== 0 || offsets[users] !== values.length) return false;
  for (let u = 0; u < users; u++) if (offsets[u + 1] < offsets[u]) return false;
  for (const part of inParts(values)) {
    await turn();
    if (!part.every((value) => value >= least && value < most)) return false;
  }
  return true;
}

/** What of a run from elsewhere cannot be true, besides what is checked of every result that is taken in. */
export function contradictionInRun(record: RunRecord, { figures }: Pick<DatasetRow, 'figures'>): string | null {
  const { row, epochs, policies, outcome, model, checkpoint } = record;
  const { id, configuration, result } = row;
  const parts = [...epochs, ...policies, ...[outcome, model, checkpoint].filter((part) => part !== null)];
  if (parts.some(({ runId }) => runId !== id)) return 'its parts are of another run';
  if ((row.status === 'finished') !== (result !== null)) return 'it is finished and has no result, or the other way round';
  for (const list of [epochs, policies]) {
    if (new Set(list.map(({ epoch }) => epoch)).size !== list.length) return 'it has an epoch twice';
  }
  if (policies.some(({ bytes }) => bytes.length !== configuration.dilations.length * figures.targetUsers))
    return 'its policies are not of all users with targets';
  if (model === null) return null;
  const total = Object.values(model.parameters).reduce((sum, { values }) => sum + values.length, 0);
  if (result?.cost && result.cost.parameters !== total) return `its model has ${total} values, and not ${result.cost.parameters}`;
  return contradictionInParameters(model.parameters);
}

export function contradictionInParameters(parameters: StoredParameters): string | null {
  const wrong = Object.entries(parameters).find(
    ([, { shape, values }]) => shape.reduce((product, size) => product * size, 1) !== values.length,
  );
  return wrong === undefined ? null : `its tensor “${wrong[0]}” does not have as many values as its shape says`;
}
