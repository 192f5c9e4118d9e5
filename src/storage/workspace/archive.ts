import type * as z from 'zod/mini';
import { DamagedEntryError, wholeOf } from '../../data/zip/contents.ts';
import { endOf, entriesAt, type Sliced, slicedBlob, type ZipEntry, ZipError } from '../../data/zip/directory.ts';
import { LISTING, MANIFEST, WORKSPACE_VERSION } from './names.ts';
import { decodeRecord, RecordError } from './record.ts';
import { listing, type Manifest, manifest } from './schemas.ts';

/** A file that is no workspace, or one that this studio cannot read. */
class WorkspaceError extends Error {
  override name = 'WorkspaceError';
}

/** One record of a workspace cannot be taken in; the others can. */
export class RecordRefusedError extends Error {
  override name = 'RecordRefusedError';
}

/** A record with all it refers to is held in memory while it is taken in. */
const MOST_RECORD = 1_500_000_000;
const MOST_MANIFEST = 1_000_000;

/** The file of a workspace, opened. */
export interface Archive {
  readonly zip: Sliced;
  readonly manifest: Manifest;
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** Names that were written, and are not there any more, or not as they were. */
  readonly lost: readonly string[];
}

/** @throws WorkspaceError in words that say what is wrong with the whole */
export async function openArchive(blob: Blob): Promise<Archive> {
  const zip = slicedBlob(blob);
  const entries = new Map<string, ZipEntry>();
  try {
    // Of a name that is there twice neither can be trusted more than the other: the first counts.
    for (const entry of await entriesAt(zip, await endOf(zip))) if (!entries.has(entry.path)) entries.set(entry.path, entry);
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new WorkspaceError(`This file of a workspace cannot be read. ${error.message} Export it once more, or copy it again.`, {
      cause: error,
    });
  }
  const found = entries.get(MANIFEST);
  if (found === undefined) throw new WorkspaceError('This zip is no workspace of the studio.');
  const head = await manifestOf(zip, found);
  return { zip, manifest: head, entries, lost: await lostOf(zip, entries) };
}

async function manifestOf(zip: Sliced, entry: ZipEntry): Promise<Manifest> {
  const written = await jsonOf(zip, entry, MOST_MANIFEST);
  const version = typeof written === 'object' && written !== null && 'version' in written ? written.version : null;
  if (typeof version === 'number' && version > WORKSPACE_VERSION) {
    throw new WorkspaceError(
      `This workspace was exported by a newer version of the studio (its layout is ${version}; this studio reads ${WORKSPACE_VERSION}). Reload the page to get the newest version, then import it again.`,
    );
  }
  const read = manifest.safeParse(written);
  if (!read.success || read.data.version !== WORKSPACE_VERSION)
    throw new WorkspaceError('The beginning of this workspace cannot be read: it was changed or damaged.');
  return read.data;
}

/** Without the list at its end nothing is known to be missing. */
async function lostOf(zip: Sliced, entries: ReadonlyMap<string, ZipEntry>): Promise<string[]> {
  const end = entries.get(LISTING);
  if (end === undefined) return ['its list of contents'];
  const read = listing.safeParse(await jsonOf(zip, end, MOST_RECORD));
  if (!read.success) return ['its list of contents'];
  return read.data
    .filter(({ name, bytes, crc32 }) => {
      const entry = entries.get(name);
      return entry === undefined || entry.size !== bytes || entry.crc !== crc32;
    })
    .map(({ name }) => name);
}

async function jsonOf(zip: Sliced, entry: ZipEntry, most: number): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await wholeOf(zip, entry, most)));
  } catch (error) {
    if (!(error instanceof DamagedEntryError || error instanceof SyntaxError)) throw error;
    return null;
  }
}

/** A record as its schema has it; null where there is none of this name. @throws RecordRefusedError in words */
export async function recordIn<S extends z.core.$ZodType>(
  { zip, entries }: Archive,
  name: string,
  schema: S & z.ZodMiniType<z.output<S>>,
): Promise<z.output<S> | null> {
  const entry = entries.get(name);
  if (entry === undefined) return null;
  let written: unknown;
  try {
    written = decodeRecord(await wholeOf(zip, entry, MOST_RECORD));
  } catch (error) {
    if (!(error instanceof DamagedEntryError || error instanceof RecordError)) throw error;
    throw new RecordRefusedError(error.message, { cause: error });
  }
  const read = schema.safeParse(written);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0];
  throw new RecordRefusedError(`It cannot be read: “${path.join('.')}”: ${message}.`);
}
