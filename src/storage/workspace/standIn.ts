import type { DatasetRow } from '../database.ts';

/**
 * Stands where the hash of a dataset's contents should, when they were lost before it was reckoned: the same in each export, so that
 * its runs come to one place, and never taken for the hash of any contents.
 */
export const standInFor = ({ id, createdAt }: Pick<DatasetRow, 'id' | 'createdAt'>): string => `lost-${createdAt}-${id}`;

/** A hash, or what stands for one. */
export const HASH_OR_STAND_IN = /^(?:[0-9a-f]{64}|lost-\S{1,60})$/;
