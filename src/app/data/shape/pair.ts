import type { DatasetFigures } from '../../../data/dataset.ts';
import type { DatasetSummary } from '../../../data/summary.ts';
import { count } from '../../format.ts';

/**
 * Whether pre-training has users of its own, as in the release's pair: its users are lines, and whether a line of one file and a line of
 * the other are the same person the files do not say. Else whoever has a source sequence is pre-trained on.
 */
export const hasOwnPretraining = ({ figures, shape: { users } }: Pick<DatasetSummary, 'figures' | 'shape'>): boolean =>
  figures.sourceUsers < users.both + users.sourceOnly;

/** Who is who in the pair. */
export const pairWords = ({ sourceUsers, targetUsers }: DatasetFigures): string =>
  `Each line is a user. Pre-training has ${count(sourceUsers)} lines of its own; fine-tuning has ${count(targetUsers)}, each with source items and target items, so that nobody has to be found in the other file.`;
