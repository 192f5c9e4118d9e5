import { entryFile } from '../data/import/archive.ts';
import type { FormattedFile } from '../data/import/dataset.ts';
import type { SourceFile } from '../data/import/text.ts';
import type { DroppedFile, FormattedUpload } from './protocol.ts';

/** A file of the browser as the import reads it. */
export const browserFile = (file: File): SourceFile => ({
  name: file.name,
  size: file.size,
  stream: () => file.stream(),
  slice: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
});

export const sourceFile = ({ file, entry }: DroppedFile): SourceFile =>
  entry === null ? browserFile(file) : entryFile(browserFile(file), entry);

export const formatted = (upload: FormattedUpload): FormattedFile => ({ file: sourceFile(upload), format: upload.format });
