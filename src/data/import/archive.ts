import { ImportError } from '../errors.ts';
import { shownName } from '../shownName.ts';
import { contentsAt, DamagedEntryError, DEFLATED, partsOf, STORED } from '../zip/contents.ts';
import { endOf, entriesAt, type Sliced, type ZipEntry, ZipError } from '../zip/directory.ts';
import { checkUnpacked } from './limits.ts';
import type { SourceFile } from './text.ts';

const MOST_ENTRIES = 1000;

/** Whether a file is a zip archive, by its first bytes. */
export async function isZip({ slice }: SourceFile): Promise<boolean> {
  if (slice === null) return false;
  const [p, k, a, b] = await slice(0, 4);
  // The second pair: an archive without entries.
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/**
 * The files of an archive, from its directory: nothing is unpacked. Folders, and what macOS adds, are left out.
 *
 * @throws ImportError for an archive that is damaged, empty, or has too many files
 */
export async function entriesOf(file: SourceFile): Promise<readonly ZipEntry[]> {
  const { slice } = file;
  if (slice === null) throw new ImportError(`${file.name} is a zip archive inside another file. Unpack it first.`);
  const entries = (await listed(file.name, { size: file.size, slice })).filter(
    ({ path }) => !path.endsWith('/') && !/(^|\/)(__MACOSX\/|\.DS_Store$|\._)/.test(path),
  );
  // Office files are archives, too: no table of theirs is one of the files in it.
  if (entries.some(({ path }) => path === '[Content_Types].xml')) throw office(file, entries);
  if (entries.length === 0) throw new ImportError(`${file.name} is a zip archive without files.`);
  return entries;
}

/** Names are shown, and nothing else. */
async function listed(name: string, archive: Sliced): Promise<ZipEntry[]> {
  try {
    const end = await endOf(archive);
    if (end.count > MOST_ENTRIES) {
      throw new ImportError(
        `${name} has ${end.count} files; at most ${MOST_ENTRIES} are looked at. Unpack it and drop those needed.`,
      );
    }
    return (await entriesAt(archive, end)).map((entry) => ({ ...entry, path: shownName(entry.path) }));
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new ImportError(`${name} is a damaged zip archive. ${error.message} ${AGAIN}`, { cause: error });
  }
}

/** A file of an archive as a file like any other; what is wrong with it is told when it is read. */
export function entryFile(archive: SourceFile, entry: ZipEntry): SourceFile {
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  const { slice, size } = archive;
  if (slice === null) throw new ImportError(`${archive.name} cannot be read as an archive.`);
  const zip = { size, slice };
  return {
    name,
    size: entry.size,
    stream: () => streamOf(unpacked(archive.name, zip, entry)),
    slice:
      entry.method === STORED && !entry.isEncrypted
        ? async (start, end) => {
            const from = await contentsAt(zip, entry).catch((error: unknown) => {
              throw inWords(archive.name, entry, error);
            });
            return slice(from + start, from + Math.min(end, entry.size));
          }
        : null,
  };
}

const streamOf = (pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });

/** The contents of an entry, checked against the size and checksum that the directory promises. @throws ImportError */
async function* unpacked(name: string, archive: Sliced, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const { path, method } = entry;
  if (entry.isEncrypted) throw new ImportError(`${path} in ${name} is encrypted. Unpack it and drop the file.`);
  if (method !== STORED && method !== DEFLATED) {
    throw new ImportError(
      `${path} in ${name} is packed by method ${method}, which is not known here (only “deflate” is). Unpack it and drop the file.`,
    );
  }
  try {
    yield* partsOf(archive, entry, (read, length) => checkUnpacked(path, read, length));
  } catch (error) {
    throw inWords(name, entry, error);
  }
}

const AGAIN = 'Fetch it again, or unpack it and drop the files themselves.';

/** What is wrong with one file of an archive, for who dropped the archive. */
const inWords = (name: string, { path }: ZipEntry, error: unknown): unknown =>
  error instanceof DamagedEntryError
    ? new ImportError(`${name} is a damaged zip archive. Its file ${path} cannot be read. ${error.message} ${AGAIN}`, {
        cause: error,
      })
    : error;

const office = ({ name }: SourceFile, entries: readonly ZipEntry[]): ImportError =>
  new ImportError(
    entries.some(({ path }) => path.startsWith('xl/'))
      ? `${name} is an Excel workbook. Save the sheet as CSV in Excel, and drop that file.`
      : `${name} is an Office document. Save its table as CSV, and drop that file.`,
  );
