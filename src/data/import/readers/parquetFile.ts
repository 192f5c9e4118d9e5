import {
  type ColumnMetaData,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ImportError, quoted } from '../../errors.ts';
import { checkWidth } from '../limits.ts';
import type { Row } from '../rows.ts';
import type { TimeUnit } from '../times.ts';
import { fieldOf } from './field.ts';
import { checkPages } from './parquetPages.ts';

/** Bytes from anywhere in a Parquet file. */
export interface RandomAccess {
  readonly name: string;
  readonly size: number;
  readonly slice: (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;
}

/** A column of a Parquet file. */
interface ParquetColumn {
  readonly name: string;
  /** A list or an object a row: such columns are never read. */
  readonly isNested: boolean;
  /** Where the file says that it is a time. */
  readonly unit: TimeUnit | null;
  /** The smallest and largest value, as far as the file says so. */
  readonly range: readonly string[];
}

type OnRow = (row: number) => Promise<void> | void;

/** A Parquet file of which the footer has been read. */
export interface ParquetFile {
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  /**
   * The rows from the beginning, some at a time; columns that are not wanted are left empty.
   *
   * @param most rows at most
   * @param onRow awaited now and then with the number of rows that are done
   */
  readonly read: (wanted: readonly number[], most: number, onRow: OnRow) => AsyncGenerator<Row[]>;
}

const decoder = new TextDecoder();
/** Times stay the numbers that they are: their unit is the column's. */
const PARSERS = {
  timestampFromMilliseconds: (time: bigint) => time,
  timestampFromMicroseconds: (time: bigint) => time,
  timestampFromNanoseconds: (time: bigint) => time,
  dateFromDays: (days: number) => days,
  jsonFromBytes: (bytes: Uint8Array) => decoder.decode(bytes),
};
/** A column of a group is read as a whole: beyond it would not fit into memory. Most writers make groups of a million. */
const MOST_ROWS_OF_GROUP = 1 << 24;
/** Users and items cannot be packed that tightly. */
const MOST_ROWS_A_BYTE = 100;
const FEW_ROWS = 1 << 20;
const LARGEST_FOOTER = 1 << 26;
/** Rows that are decoded at a time. */
const WINDOW = 1 << 18;
const BATCH = 8192;

/** @throws ImportError for a file that is damaged, encrypted, or says what cannot be */
export async function openParquet(file: RandomAccess): Promise<ParquetFile> {
  const metadata = await guarded(file, () => readFooter(file));
  const groups = metadata.row_groups.map((group) => ({ ...group, rows: countOf(file, group.num_rows) }));
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows > FEW_ROWS && rows > MOST_ROWS_A_BYTE * file.size)
    throw damaged(file, `it says that ${rows} rows are in ${file.size} bytes`);
  const schema = await guarded(file, async () => parquetSchema(metadata).children);
  checkWidth(file.name, schema.length);
  if (schema.some(({ element }) => typeof element.name !== 'string')) throw damaged(file, 'a column has no name');
  const columns = schema.map(({ element, children }): ParquetColumn => {
    const isNested = children.length > 0 || element.repetition_type === 'REPEATED';
    const statistics = groups.map(({ columns }) => metaOf(columns, element.name)?.statistics);
    const range = statistics.flatMap((of) => [of?.min_value ?? of?.min, of?.max_value ?? of?.max]);
    return {
      name: element.name,
      isNested,
      unit: unitOf(element),
      range: range.filter((value) => typeof value === 'number' || typeof value === 'bigint').map(String),
    };
  });

  async function* read(wanted: readonly number[], most: number, onRow: OnRow): AsyncGenerator<Row[]> {
    let start = 0;
    for (const group of groups) {
      if (start >= most) return;
      if (group.rows > MOST_ROWS_OF_GROUP) {
        throw new ImportError(
          `${file.name} has ${group.rows} rows in one group; at most ${MOST_ROWS_OF_GROUP} can be read at once. Write it with smaller groups, such as row_group_size=1000000.`,
        );
      }
      const needed = Math.min(group.rows, most - start);
      for (let from = 0; from < needed; from += WINDOW) {
        const to = Math.min(needed, from + WINDOW);
        const read = new Map<number, readonly unknown[]>();
        for (const column of wanted) {
          if (columns[column].isNested) continue;
          const meta = metaOf(group.columns, columns[column].name);
          const element = schema[column].element;
          if (meta === null) throw damaged(file, `the column ${quoted(element.name)} is missing in a group of rows`);
          const facts = {
            rows: group.rows,
            codec: meta.codec,
            isOptional: element.repetition_type !== 'REQUIRED',
            isBoolean: element.type === 'BOOLEAN',
          };
          const part = { facts, name: element.name, start, from, to };
          read.set(column, await guarded(file, () => columnOf(file, metadata, meta, part)));
          await onRow(start + from);
        }
        for (let first = from; first < to; first += BATCH) {
          const batch: Row[] = [];
          for (let r = first; r < Math.min(to, first + BATCH); r++)
            batch.push(rowOf(start + r + 1, r - from, columns, wanted, read));
          await onRow(start + first + batch.length);
          yield batch;
        }
      }
      start += group.rows;
    }
  }
  return { rows, columns, read };
}

async function readFooter(file: RandomAccess): Promise<FileMetaData> {
  const tail = await file.slice(Math.max(0, file.size - 8), file.size);
  const [length, magic] = [tail.length < 8 ? 0 : new DataView(tail.buffer).getUint32(0, true), decoder.decode(tail.subarray(4))];
  if (magic === 'PARE') throw new ImportError(`${file.name} is an encrypted Parquet file. Write it without encryption.`);
  if (magic !== 'PAR1') throw damaged(file, 'its end is missing');
  if (length > LARGEST_FOOTER || length + 8 > file.size) throw damaged(file, `its footer says that it has ${length} bytes`);
  return parquetMetadataAsync(bufferOf(file), { parsers: PARSERS, geoparquet: false });
}

const bufferOf = (file: RandomAccess) => ({
  byteLength: file.size,
  slice: async (start: number, end = file.size) => {
    const bytes = await file.slice(start, end);
    if (bytes.length !== end - start) throw damaged(file, 'a part of it does not lie in the file');
    const { buffer, byteOffset } = bytes;
    return bytes.length === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + bytes.length);
  },
});

interface Wanted {
  readonly facts: Parameters<typeof checkPages>[1];
  readonly name: string;
  /** The group's first row, and from where to where its rows are needed. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** Rows of one column of a group, decoded after its pages were looked through. */
async function columnOf(
  file: RandomAccess,
  metadata: FileMetaData,
  meta: ColumnMetaData,
  { facts, name, start, from, to }: Wanted,
): Promise<readonly unknown[]> {
  const first = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const end = first + Number(meta.total_compressed_size);
  if (!(first >= 0 && end <= file.size && first < end))
    throw damaged(file, `the column ${quoted(name)} does not lie in the file`);
  const plain = bufferOf(file);
  let unpacked: ReadonlyMap<number, Uint8Array> = new Map();
  const checked = {
    byteLength: file.size,
    slice: async (begin: number, stop: number = file.size) => {
      const buffer = await plain.slice(begin, stop);
      if (begin === first) unpacked = checkPages(new Uint8Array(buffer), facts, from, to, compressors);
      return buffer;
    },
  };
  const known: Compressors = {
    [facts.codec]: (packed: Uint8Array, size: number) =>
      unpacked.get(packed.byteOffset) ?? compressors[facts.codec]?.(packed, size) ?? new Uint8Array(),
  };
  const values: unknown[] = [];
  await parquetRead({
    file: checked,
    metadata,
    columns: [name],
    rowStart: start + from,
    rowEnd: start + to,
    compressors: known,
    parsers: PARSERS,
    geoparquet: false,
    // Whole pages: the first may begin before the rows that are needed.
    onChunk: ({ columnData, rowStart }) => {
      const skipped = Math.max(0, start + from - rowStart);
      for (let i = skipped; i < columnData.length && values.length < to - from; i++) values.push(columnData[i]);
    },
  });
  return values;
}

function rowOf(
  line: number,
  at: number,
  columns: readonly ParquetColumn[],
  wanted: readonly number[],
  read: ReadonlyMap<number, readonly unknown[]>,
): Row {
  const fields: string[] = new Array(columns.length).fill('');
  let problem: string | null = null;
  for (const column of wanted) {
    const { name, isNested } = columns[column];
    const field = isNested ? { text: '', isNested } : fieldOf(read.get(column)?.[at]);
    if (field.isNested) problem ??= `${quoted(name)} is a list, an object or bytes; expected one value`;
    fields[column] = field.text;
  }
  return { line, fields, problem };
}

const metaOf = (columns: FileMetaData['row_groups'][number]['columns'], name: string): ColumnMetaData | null =>
  columns.find(({ meta_data }) => meta_data?.path_in_schema.length === 1 && meta_data.path_in_schema[0] === name)?.meta_data ??
  null;

function unitOf({ type, converted_type: converted, logical_type: logical }: FileMetaData['schema'][number]): TimeUnit | null {
  if (logical?.type === 'TIMESTAMP')
    return ({ MILLIS: 'milliseconds', MICROS: 'microseconds', NANOS: 'nanoseconds' } as const)[logical.unit];
  if (converted === 'TIMESTAMP_MILLIS') return 'milliseconds';
  if (converted === 'TIMESTAMP_MICROS') return 'microseconds';
  if (type === 'INT96') return 'nanoseconds';
  return converted === 'DATE' || logical?.type === 'DATE' ? 'days' : null;
}

function countOf(file: RandomAccess, rows: bigint): number {
  const count = Number(rows);
  if (!Number.isSafeInteger(count) || count < 0) throw damaged(file, `a group says that it has ${rows} rows`);
  return count;
}

/** Whatever goes wrong inside the library is the file's fault. */
async function guarded<T>(file: RandomAccess, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw damaged(file, wordsOf(error), error);
  }
}

/** What the library says on purpose is a plain error; all others are what it stumbled over. */
const wordsOf = (error: unknown): string =>
  error instanceof Error && error.name === 'Error' ? error.message : 'what it says of itself cannot be true';

const damaged = ({ name }: RandomAccess, what: string, cause?: unknown): ImportError =>
  new ImportError(`${name} is a Parquet file that cannot be read: ${what}. Write it anew, or as CSV.`, { cause });
