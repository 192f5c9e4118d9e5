import type { FileFormat } from '../../data/import/format.ts';
import { ROLES, type Role, rolesIn } from '../../data/import/roleNames.ts';
import { keyOf, nameAmong, nameOf } from '../../services/dropped.ts';
import type { DroppedFile, FormattedUpload, RecognisedFile } from '../../services/protocol.ts';

/** A dropped file, before it is known what it is for. */
export interface SeenFile extends RecognisedFile {
  /** Whether its format was corrected by hand. */
  readonly isCorrected: boolean;
}

/** A dropped file, and what it is for. */
export interface ImportFile extends SeenFile {
  readonly role: Role;
}

/** Two of interactions, and three optional ones. */
export const MOST_FILES = 5;

export const ROLE_WORDS: Record<Role, string> = {
  source: 'source interactions',
  target: 'target interactions or labels',
  both: 'interactions of both domains',
  sourceNames: 'source item names',
  targetNames: 'target item names',
  attributes: 'user attributes',
  unused: 'not used',
};

/** Ends the name of a file's part of the page: “File of …”. */
export const OF_WORDS: Record<Role, string> = {
  source: 'the source domain',
  target: 'the target domain',
  both: 'both domains',
  sourceNames: 'source item names',
  targetNames: 'target item names',
  attributes: 'user attributes',
  unused: 'no use',
};

/** Ends the name of a control: “Separator of the …”. */
export const FILE_WORDS: Record<Role, string> = {
  source: 'source file',
  target: 'target file',
  both: 'file of both domains',
  sourceNames: 'file of source item names',
  targetNames: 'file of target item names',
  attributes: 'file of user attributes',
  unused: 'file that is not used',
};

/** Files as one reads them: interactions first, what is not used last. */
export const inOrder = (files: readonly ImportFile[]): readonly ImportFile[] =>
  files.toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));

/** Names and bytes of the files that are used: within an archive, their own. */
export const usedIn = (files: readonly ImportFile[]): { readonly name: string; readonly size: number }[] =>
  files
    .filter(({ role }) => role !== 'unused')
    .map((dropped) => ({ name: nameOf(dropped), size: dropped.entry?.size ?? dropped.file.size }));

/** Names of the files whose rows have neither times nor an order, so that sequences are taken as they stand. */
export const unorderedIn = (files: readonly ImportFile[]): readonly string[] => {
  const used = files.filter(({ role }) => role !== 'unused');
  return used.filter(({ recognition: { format } }) => isUnordered(format)).map((file) => nameAmong(file, used));
};

const isUnordered = (format: FileFormat): boolean =>
  (format.format === 'long' || format.format === 'domains') && format.time === null && !format.isOrdered;

/** Gives a file a role by hand: whoever had it, or a part of it, is looked at anew. */
export const withRole = (files: readonly ImportFile[], file: DroppedFile, role: Role): readonly ImportFile[] =>
  files.map((entry) => {
    if (keyOf(entry) === keyOf(file)) return { ...entry, chosen: role };
    const isTaken = entry.chosen !== null && rolesIn(entry.chosen).some((taken) => rolesIn(role).includes(taken));
    return isTaken && role !== 'unused' ? { ...entry, chosen: null } : entry;
  });

/** The two files of interactions, or the two domains of one file, change places. */
export const exchanged = (files: readonly ImportFile[]): readonly ImportFile[] =>
  files.map((entry) => {
    const { format } = entry.recognition;
    if (entry.role === 'both' && format.format === 'domains') {
      const other = { ...format, source: format.target, target: format.source };
      return { ...entry, chosen: 'both', isCorrected: true, recognition: { ...entry.recognition, format: other } };
    }
    return entry.role === 'source' || entry.role === 'target'
      ? { ...entry, chosen: entry.role === 'source' ? 'target' : 'source' }
      : entry;
  });

/** Adds files; one that is there already is replaced, and of too many the last ones are kept. */
export function added(before: readonly SeenFile[], more: readonly SeenFile[]): readonly SeenFile[] {
  const keys = new Set(more.map(keyOf));
  return [...before.filter((file) => !keys.has(keyOf(file))), ...more].slice(-MOST_FILES);
}

/** The file with a role, as it is asked for; null where there is none. One with both domains is source and target. */
export function uploadOf(files: readonly ImportFile[], role: Role): FormattedUpload | null {
  const found = files.find((file) => rolesIn(file.role).includes(role));
  if (found === undefined) return null;
  const { file, entry, recognition, isCorrected } = found;
  return { file, entry, format: recognition.format, corrected: isCorrected ? recognition.key : null };
}

/** A first name for a dataset: `electronics → beauty`. */
export const datasetName = (files: readonly ImportFile[]): string =>
  files
    .flatMap((entry) => {
      const { format } = entry.recognition;
      if (entry.role === 'both') return format.format === 'domains' ? [format.source, format.target] : [];
      return entry.role === 'source' || entry.role === 'target' ? [plainName(nameOf(entry))] : [];
    })
    .join(' → ');

const plainName = (name: string): string => name.replace(/(\.(csv|tsv|txt|inter|gz|dat|parquet|jsonl|ndjson|json))+$/i, '');
