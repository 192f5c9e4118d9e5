import type { DatasetFigures } from '../data/dataset.ts';

/** A file as it is dropped. */
interface Dropped {
  readonly name: string;
  readonly size: number;
}

/** Text packs about so well. */
const PACKED = 5;
/** While an import goes on, what was read lies beside what comes of it. */
const WITH_SCRATCH = 1.5;

/**
 * What an import takes at most, roughly, before anything was read: an interaction has four bytes, and its line in the file is longer;
 * names stand in the files once at least.
 */
export function roomOfFiles(files: readonly Dropped[]): number {
  const unpacked = files.map(({ name, size }) => (/\.(gz|zip|parquet)$/i.test(name) ? PACKED : 1) * size);
  return WITH_SCRATCH * unpacked.reduce((sum, size) => sum + size, 0);
}

/** Of a user or an item; most are shorter. */
const NAME = 12;

/** What figures are drawn from: see `DatasetShape`. */
const SHAPE = 2_600;

/** What a dataset of these figures takes: four bytes an interaction, and names. */
export const roomOfDataset = ({
  sourceUsers,
  sourceItems,
  sourceInteractions,
  targetItems,
  instances,
}: Pick<DatasetFigures, 'sourceUsers' | 'sourceItems' | 'sourceInteractions' | 'targetItems' | 'instances'>): number =>
  SHAPE + 4 * (sourceInteractions + instances) + (8 + NAME) * sourceUsers + NAME * (sourceItems + targetItems);
