import type { Dataset } from '../dataset.ts';
import { ImportError } from '../errors.ts';
import { readAttributes } from './attributes.ts';
import type { FormattedFile } from './dataset.ts';
import { readNames } from './names.ts';
import type { ParseOptions } from './parse.ts';

/** The optional files of a dataset: they change nothing of what is learned, only what can be read from it. */
export interface Supplements {
  readonly sourceNames: FormattedFile | null;
  readonly targetNames: FormattedFile | null;
  readonly attributes: FormattedFile | null;
}

/**
 * Adds to a dataset what the optional files say about its items and users.
 *
 * @returns the dataset, and what is to be said about the files, in sentences
 * @throws ImportError, BadRowsError
 */
export async function supplement(
  dataset: Dataset,
  { sourceNames, targetNames, attributes }: Supplements,
  options: ParseOptions,
): Promise<{ dataset: Dataset; notes: readonly string[] }> {
  const { task, sourceItems, targetItems, users } = dataset;
  if (targetNames !== null && task === 'profile') {
    throw new ImportError(
      `${targetNames.file.name} has names of target items, but a profile task has none: its labels name themselves. Leave the file out.`,
    );
  }
  let done = 0;
  /** Bytes are counted over all three. */
  const optionsFor = ({ file }: FormattedFile): ParseOptions => {
    const before = done;
    done += file.size;
    return { ...options, onBytes: (bytes) => options.onBytes?.(before + bytes) };
  };
  const named = (entry: FormattedFile, ids: readonly string[], domain: 'source' | 'target') => {
    if (entry.format.format !== 'names') throw unsuitable(entry, `names of ${domain} items`);
    return readNames(entry.file, entry.format, ids, domain, optionsFor(entry));
  };
  const about = (entry: FormattedFile) => {
    if (entry.format.format !== 'attributes') throw unsuitable(entry, 'attributes of users');
    const taken = dataset.attributes.map(({ name }) => name);
    return readAttributes(entry.file, entry.format, users, taken, optionsFor(entry));
  };
  // Padding has no name.
  const source = sourceNames === null ? null : await named(sourceNames, sourceItems.slice(1), 'source');
  const target = targetNames === null ? null : await named(targetNames, targetItems, 'target');
  const read = attributes === null ? null : await about(attributes);
  return {
    dataset: {
      ...dataset,
      sourceNames: source === null ? dataset.sourceNames : ['', ...source.names],
      targetNames: target === null ? dataset.targetNames : target.names,
      attributes: [...dataset.attributes, ...(read?.attributes ?? [])],
    },
    notes: [source, target, read].flatMap((part) => part?.notes ?? []),
  };
}

const unsuitable = ({ file }: FormattedFile, what: string): ImportError =>
  new ImportError(`${file.name} was not read as a table of ${what}. Choose again what it is for.`);
