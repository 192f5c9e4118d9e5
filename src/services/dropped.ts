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

/** A file of a request as it is read: where it stands in a sentence, it is told apart from the others. */
export function formatted(upload: FormattedUpload, request: ReadRequest): FormattedFile {
  const { source, target, sourceNames, targetNames, attributes } = request;
  const used = [source, target, sourceNames, targetNames, attributes].filter((other) => other !== null);
  return { file: { ...sourceFile(upload), name: nameAmong(upload, used) }, format: upload.format };
}

/** What a file is called: within an archive, by its own name. */
export const nameOf = ({ file, entry }: DroppedFile): string =>
  entry === null ? shownName(file.name) : entry.path.slice(entry.path.lastIndexOf('/') + 1);

/** Tells files apart: those of two domains may have one name. */
export const keyOf = ({ file, entry }: DroppedFile): string =>
  [file.name, file.size, file.lastModified, entry?.path ?? ''].join(' ');

/** What a file is called beside others: where one of them has its name, by its path in the archive. */
export function nameAmong(dropped: DroppedFile, others: readonly DroppedFile[]): string {
  const name = nameOf(dropped);
  const isTaken = others.some((other) => nameOf(other) === name && keyOf(other) !== keyOf(dropped));
  return isTaken && dropped.entry !== null ? dropped.entry.path : name;
}
