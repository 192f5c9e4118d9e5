import { entryFile } from '../data/import/archive.ts';
import type { FormattedFile } from '../data/import/dataset.ts';
import type { SourceFile } from '../data/import/text.ts';
import { shownName } from '../data/shownName.ts';
import type { DroppedFile, FormattedUpload, ReadRequest } from './protocol.ts';

/** A file of the browser as the import reads it. */
export const browserFile = (file: File): SourceFile => ({
  name: shownName(file.name),
  size: file.size,
  stream: () => file.stream(),
  slice: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
});

export const sourceFile = ({ file, entry }: DroppedFile): SourceFile =>
  entry === null ? browserFile(file) : entryFile(browserFile(file), entry);

/** Of the files that a dataset is read from: one with both domains is read once. */
export const bytesToRead = ({ source, target }: Pick<ReadRequest, 'source' | 'target'>): number =>
  sizeOf(source) + (target.format.format === 'domains' ? 0 : sizeOf(target));

const sizeOf = ({ file, entry }: DroppedFile): number => entry?.size ?? file.size;

export const formatted = (upload: FormattedUpload): FormattedFile => ({ file: sourceFile(upload), format: upload.format });
