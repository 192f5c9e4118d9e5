import { ROLES, type Role } from '../../data/import/roles.ts';
import type { FormattedUpload, RecognisedFile } from '../../services/protocol.ts';

/** A dropped file, and what it is for. */
export interface ImportFile extends RecognisedFile {
  readonly role: Role;
}

/** Two of interactions, and three optional ones. */
export const MOST_FILES = 5;

export const ROLE_WORDS: Record<Role, string> = {
  source: 'source interactions',
  target: 'target interactions or labels',
  sourceNames: 'source item names',
  targetNames: 'target item names',
  attributes: 'user attributes',
  unused: 'not used',
};

/** Ends the name of a file's part of the page: “File of …”. */
export const OF_WORDS: Record<Role, string> = {
  source: 'the source domain',
  target: 'the target domain',
  sourceNames: 'source item names',
  targetNames: 'target item names',
  attributes: 'user attributes',
  unused: 'no use',
};

/** Ends the name of a control: “Separator of the …”. */
export const FILE_WORDS: Record<Role, string> = {
  source: 'source file',
  target: 'target file',
  sourceNames: 'file of source item names',
  targetNames: 'file of target item names',
  attributes: 'file of user attributes',
  unused: 'file that is not used',
};

/** Files as one reads them: interactions first, what is not used last. */
export const inOrder = (files: readonly ImportFile[]): readonly ImportFile[] =>
  files.toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));

/** Gives a file a role by hand: whoever had it is looked at anew. */
export const withRole = (files: readonly ImportFile[], file: File, role: Role): readonly ImportFile[] =>
  files.map((entry) => {
    if (entry.file === file) return { ...entry, chosen: role };
    return entry.chosen === role && role !== 'unused' ? { ...entry, chosen: null } : entry;
  });

/** The two files of interactions change places. */
export const exchanged = (files: readonly ImportFile[]): readonly ImportFile[] =>
  files.map((entry) =>
    entry.role === 'source' || entry.role === 'target'
      ? { ...entry, chosen: entry.role === 'source' ? 'target' : 'source' }
      : entry,
  );

/** Tells files apart: those of two domains may have one name. */
export const keyOf = ({ name, size, lastModified }: File): string => `${name} ${size} ${lastModified}`;

/** Adds files; one that is there already is replaced, and of too many the last ones are kept. */
export function added(before: readonly RecognisedFile[], more: readonly RecognisedFile[]): readonly RecognisedFile[] {
  const names = new Set(more.map(({ file }) => keyOf(file)));
  return [...before.filter(({ file }) => !names.has(keyOf(file))), ...more].slice(-MOST_FILES);
}

/** The file with a role, as it is asked for; null where there is none. */
export function uploadOf(files: readonly ImportFile[], role: Role): FormattedUpload | null {
  const entry = files.find((file) => file.role === role);
  return entry === undefined ? null : { file: entry.file, format: entry.recognition.format };
}

/** A first name for a dataset: `electronics → beauty`. */
export const datasetName = (files: readonly ImportFile[]): string =>
  files
    .filter(({ role }) => role === 'source' || role === 'target')
    .map(({ file }) => file.name.replace(/(\.(csv|tsv|txt|inter|gz|dat))+$/i, ''))
    .join(' → ');
