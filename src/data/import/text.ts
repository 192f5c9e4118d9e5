import { ImportError } from '../errors.ts';
import { unpackedAtOnce } from '../zip/pieces.ts';
import { Decoder, type Encoding } from './decoder.ts';
import { checkLine, checkUnpacked } from './limits.ts';

/** A file wherever it comes from: dropped on the page, opened by the command line, or packed in an archive. */
export interface SourceFile {
  readonly name: string;
  /** Bytes that `stream` gives, for progress. */
  readonly size: number;
  readonly stream: () => ReadableStream<Uint8Array>;
  /** Bytes from anywhere; null where the file can only be read from its beginning. */
  readonly slice: ((start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>) | null;
}

/** Called with the number of bytes of the file that have been read. */
type OnBytes = (bytes: number) => void;

/** How a file is read that may be large. */
export interface ReadOptions {
  readonly onBytes?: OnBytes;
  /** Told, in a sentence, what was guessed of how a file is written. */
  readonly onNote?: (sentence: string) => void;
  /** Awaited between blocks: other messages get their turn there, and whoever wants to stop throws. */
  readonly turn?: () => Promise<void>;
  /** Bytes that are looked at together. */
  readonly blockBytes?: number;
}

/**
 * The text of a file, piece by piece: gzip is undone, a byte order mark dropped, UTF-16 recognised by its mark, and
 * Windows-1252 by what UTF-8 does not have.
 *
 * @throws ImportError for a file that is empty or binary
 */
export async function* readText(file: SourceFile, { onBytes, onNote, turn }: ReadOptions = {}): AsyncGenerator<string> {
  const { encoding } = await kindOf(file);
  const decoder = new Decoder(file.name, encoding, onNote);
  let anything = false;
  for await (const bytes of readBytes(file, onBytes)) {
    const text = decoder.decode(bytes, true);
    if (text.trim() !== '') anything = true;
    if (text !== '') yield text;
    await turn?.();
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
  else if (!anything) throw onlyEmptyLines(file);
}

export const onlyEmptyLines = ({ name }: SourceFile): ImportError =>
  new ImportError(`${name} holds nothing but empty lines. Expected one interaction a line, such as “user,item,timestamp”.`);

/** What the first bytes of a file tell. @throws ImportError for an empty file or an archive */
export async function kindOf(file: SourceFile): Promise<{ isPacked: boolean; encoding: Encoding }> {
  const first = await firstBytes(file);
  if (first.length === 0)
    throw new ImportError(`${file.name} is empty. Expected one interaction a line, such as “user,item,timestamp”.`);
  if (first[0] === 0x50 && first[1] === 0x4b)
    throw new ImportError(`${file.name} is a zip archive inside another file. Unpack it and drop the files themselves.`);
  return { isPacked: isGzip(first), encoding: encodingOf(first) };
}

/** The bytes of a file, gzip undone. @throws ImportError */
export async function* readBytes(file: SourceFile, onBytes: OnBytes = () => {}): AsyncGenerator<Uint8Array> {
  const { isPacked } = await kindOf(file);
  let bytes = 0;
  let unpacked = 0;
  const counted = new TransformStream<Uint8Array, BufferSource>({
    transform(chunk, controller) {
      bytes += chunk.length;
      for (const piece of unpackedAtOnce(chunk)) controller.enqueue(piece);
    },
  });
  const plain = isPacked ? file.stream().pipeThrough(counted).pipeThrough(new DecompressionStream('gzip')) : file.stream();
  let ended = false;
  let isStuck = false;
  const reader = (plain as ReadableStream<Uint8Array>).getReader();
  try {
    while (!ended) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        ended = true;
        if (!isPacked || error instanceof ImportError) throw error;
        isStuck = true;
        return { done: true, value: undefined };
      });
      ended = done;
      if (value === undefined) continue;
      if (!isPacked) bytes += value.length;
      // Not within the stream: whoever stops the reading here throws an error of their own, which is no damage.
      onBytes(bytes);
      unpacked += value.length;
      if (isPacked) checkUnpacked(file.name, bytes, unpacked);
      yield value;
    }
  } finally {
    // Whoever stops reading early would leave an open file behind.
    if (!ended) await reader.cancel();
  }
  if (isStuck) yield* readMembers(file, unpacked, onBytes);
}

/**
 * The rest of a gzip that the browser does not unpack to its end: it may have several parts.
 *
 * @param given unpacked bytes that are left out
 * @throws ImportError where it is damaged
 */
async function* readMembers(file: SourceFile, given: number, onBytes: OnBytes): AsyncGenerator<Uint8Array> {
  // Few files are like this: whoever has none does not load it.
  const { unpackMembers } = await import('./gzipMembers.ts');
  let bytes = 0;
  let unpacked = 0;
  const packed = async function* () {
    const reader = file.stream().getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        bytes += next.value.length;
        yield next.value;
      }
    } finally {
      await reader.cancel();
    }
  };
  const pieces = unpackMembers(packed());
  try {
    while (true) {
      const { done, value } = await pieces.next().catch((error: unknown) => {
        throw error instanceof ImportError ? error : new ImportError(damaged(file.name, bytes), { cause: error });
      });
      if (done) return;
      onBytes(bytes);
      const before = unpacked;
      unpacked += value.length;
      checkUnpacked(file.name, bytes, unpacked);
      if (unpacked > given) yield value.subarray(Math.max(0, given - before));
    }
  } finally {
    await pieces.return(undefined);
  }
}

/** Bytes that are looked at together. */
const BLOCK_BYTES = 1 << 18;
const LINE_FEED = 10;

/**
 * The bytes of a file, whole lines at a time; only the last block may end without a line break. A block is only good until the
 * next one is asked for.
 *
 * @param line on which the block begins that is to come, to name it where it is too long
 * @throws ImportError
 */
export async function* readBlocks(
  file: SourceFile,
  { onBytes, blockBytes: size = BLOCK_BYTES, turn }: ReadOptions,
  line: () => number,
): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(2 * size);
  let filled = 0;
  /** Where the last whole line ends. */
  let end = 0;
  for await (const piece of readBytes(file, onBytes)) {
    for (let from = 0; from < piece.length; from += size) {
      const part = piece.subarray(from, from + size);
      if (end === 0) checkLine(file.name, line(), filled);
      if (filled + part.length > buffer.length) {
        const larger = new Uint8Array(2 * (filled + part.length));
        larger.set(buffer.subarray(0, filled));
        buffer = larger;
      }
      buffer.set(part, filled);
      const last = part.lastIndexOf(LINE_FEED);
      if (last >= 0) end = filled + last + 1;
      filled += part.length;
      if (filled < size || end === 0) continue;
      yield buffer.subarray(0, end);
      await turn?.();
      buffer.copyWithin(0, end, filled);
      filled -= end;
      end = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

const damaged = (name: string, bytes: number): string =>
  `${name} is damaged: its gzip data ends or breaks off after ${bytes} bytes. Fetch it again.`;

const encodingOf = (first: Uint8Array): Encoding =>
  first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8';

export const isGzip = (first: Uint8Array): boolean => first[0] === 0x1f && first[1] === 0x8b;

/** At least a few bytes of the beginning of a file, unless it is shorter. */
export async function firstBytes(file: SourceFile, least = 4): Promise<Uint8Array> {
  const reader = file.stream().getReader();
  let first = new Uint8Array();
  try {
    while (first.length < least) {
      const { done, value } = await reader.read();
      if (done) break;
      first = Uint8Array.from([...first, ...value.subarray(0, least)]);
    }
    return first;
  } finally {
    await reader.cancel();
  }
}

/** The first characters of a file, whole lines only (unless the file has but one). */
export async function readBeginning(file: SourceFile, characters: number, options?: ReadOptions): Promise<string> {
  let text = '';
  for await (const piece of readText(file, options)) {
    // Empty lines say nothing about a file, and there may be millions of them.
    text += piece.replace(/\n(?:\r?\n)+/g, '\n');
    if (text.length >= characters) return text.slice(0, text.lastIndexOf('\n') + 1 || undefined);
  }
  return text;
}
