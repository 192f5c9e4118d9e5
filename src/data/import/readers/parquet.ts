import { ImportError } from '../../errors.ts';
import { checkUnpacked } from '../limits.ts';
import type { Row } from '../rows.ts';
import { firstBytes, isGzip, type OnBytes, type SourceFile } from '../text.ts';
import type { ParquetFile, RandomAccess } from './parquetFile.ts';

/** A packed Parquet file has to be unpacked into memory: its footer stands at its end. */
const MOST_IN_MEMORY = 1 << 29;

/** Whether a file begins like Parquet, also within gzip. */
export async function isParquet(file: SourceFile): Promise<boolean> {
  let first = await firstBytes(file);
  if (isGzip(first)) {
    const reader = plainStream(file, true).getReader();
    // What is damaged is told by whoever reads the file as text.
    const read = await reader.read().catch(() => null);
    first = read?.value ?? new Uint8Array();
    await reader.cancel().catch(() => {});
  }
  return new TextDecoder().decode(first.subarray(0, 4)) === 'PAR1';
}

/** Opens a Parquet file; the library comes with the first one. @throws ImportError */
export async function openParquetFile(file: SourceFile): Promise<ParquetFile> {
  const { openParquet } = await import('./parquetFile.ts');
  return openParquet(await randomAccess(file));
}

/** The rows of a Parquet file, some at a time, numbered from 1. */
export async function* readParquet(file: SourceFile, wanted: readonly number[], onBytes?: OnBytes): AsyncGenerator<Row[]> {
  const parquet = await openParquetFile(file);
  const share = (row: number) => onBytes?.((row / Math.max(1, parquet.rows)) * file.size);
  yield* parquet.read(wanted, Number.POSITIVE_INFINITY, share);
}

async function randomAccess(file: SourceFile): Promise<RandomAccess> {
  const isPacked = isGzip(await firstBytes(file));
  if (file.slice !== null && !isPacked) return { name: file.name, size: file.size, slice: file.slice };
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of iterate(plainStream(file, isPacked))) {
    size += piece.length;
    if (isPacked) checkUnpacked(file.name, file.size, size);
    if (size > MOST_IN_MEMORY) {
      throw new ImportError(
        `${file.name} is a packed Parquet file of more than ${MOST_IN_MEMORY >> 20} MB. Unpack it and drop the file itself: Parquet is packed already.`,
      );
    }
    pieces.push(piece);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return { name: file.name, size, slice: async (start, end) => whole.slice(start, end) };
}

const plainStream = (file: SourceFile, isPacked: boolean): ReadableStream<Uint8Array> => {
  const stream = file.stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
  return isPacked ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
};

/** Not every browser iterates over streams. */
async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
