import { ImportError } from '../../errors.ts';
import type { Row } from '../rows.ts';
import { firstBytes, isGzip, type ReadOptions, readBytes, type SourceFile } from '../text.ts';
import type { ParquetFile, RandomAccess } from './parquetFile.ts';

/** A packed Parquet file has to be unpacked into memory: its footer stands at its end. */
const MOST_IN_MEMORY = 1 << 28;

/** Whether a file begins like Parquet, also within gzip. */
export async function isParquet(file: SourceFile): Promise<boolean> {
  let first = await firstBytes(file);
  if (isGzip(first)) {
    const stream = file.stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
    const reader = stream.pipeThrough(new DecompressionStream('gzip')).getReader();
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
export async function* readParquet(
  file: SourceFile,
  wanted: readonly number[],
  { onBytes, turn }: ReadOptions,
): AsyncGenerator<Row[]> {
  const parquet = await openParquetFile(file);
  yield* parquet.read(wanted, Number.POSITIVE_INFINITY, async (row) => {
    onBytes?.((row / Math.max(1, parquet.rows)) * file.size);
    await turn?.();
  });
}

async function randomAccess(file: SourceFile): Promise<RandomAccess> {
  const isPacked = isGzip(await firstBytes(file));
  const { name, slice } = file;
  if (slice !== null && !isPacked) return { name, size: file.size, slice };
  const pieces: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  let size = 0;
  for await (const bytes of readBytes(file)) {
    if (size + bytes.length > MOST_IN_MEMORY) {
      throw new ImportError(
        `${name} is a packed Parquet file of more than ${MOST_IN_MEMORY >> 20} MB. Unpack it and drop the file itself: Parquet is packed already.`,
      );
    }
    pieces.push({ start: size, bytes });
    size += bytes.length;
  }
  return {
    name,
    size,
    slice: async (from, to) => {
      const whole = new Uint8Array(Math.max(0, Math.min(to, size) - from));
      for (const { start, bytes } of pieces) {
        const [first, end] = [Math.max(from, start), Math.min(from + whole.length, start + bytes.length)];
        if (first < end) whole.set(bytes.subarray(first - start, end - start), first - from);
      }
      return whole;
    },
  };
}
