import { ImportError } from '../errors.ts';

/** A file wherever it comes from: dropped on the page, or opened by the command line. */
export interface SourceFile {
  readonly name: string;
  /** Bytes on disk, for progress. */
  readonly size: number;
  readonly stream: () => ReadableStream<Uint8Array>;
}

/** Called with the number of bytes of the file that have been read. */
export type OnBytes = (bytes: number) => void;

/** How a file is read that may be large. */
export interface ReadOptions {
  readonly onBytes?: OnBytes;
  /** Awaited between blocks: other messages get their turn there, and whoever wants to stop throws. */
  readonly turn?: () => Promise<void>;
  /** Bytes that are looked at together. */
  readonly blockBytes?: number;
}

/**
 * The text of a file, piece by piece: gzip is undone, a byte order mark dropped, UTF-16 recognised by its mark.
 *
 * @throws ImportError for a file that is empty, binary, or not UTF-8
 */
export async function* readText(file: SourceFile, onBytes?: OnBytes): AsyncGenerator<string> {
  const { encoding } = await kindOf(file);
  const decode = decoding(file, new TextDecoder(encoding, { fatal: true }));
  let anything = false;
  for await (const bytes of readBytes(file, onBytes)) {
    const text = decode(bytes);
    if (text.trim() !== '') anything = true;
    if (text !== '') yield text;
  }
  decode();
  if (!anything) throw onlyEmptyLines(file);
}

/** Decodes bytes that follow each other; without bytes it ends. @throws ImportError for what is no text */
export const decoding = (file: SourceFile, decoder: TextDecoder) => {
  return (bytes?: Uint8Array): string => {
    try {
      const text = decoder.decode(bytes, { stream: bytes !== undefined });
      if (!text.includes('\u0000')) return text;
    } catch (error) {
      throw new ImportError(binary(file.name), { cause: error });
    }
    throw new ImportError(binary(file.name));
  };
};

export const onlyEmptyLines = ({ name }: SourceFile): ImportError =>
  new ImportError(`${name} holds nothing but empty lines. Expected one interaction a line, such as “user,item,timestamp”.`);

/** What the first bytes of a file tell. @throws ImportError for an empty file or an archive */
export async function kindOf(file: SourceFile): Promise<{ isGzip: boolean; encoding: string }> {
  const first = await firstBytes(file);
  if (first.length === 0)
    throw new ImportError(`${file.name} is empty. Expected one interaction a line, such as “user,item,timestamp”.`);
  if (first[0] === 0x50 && first[1] === 0x4b)
    throw new ImportError(`${file.name} is a zip archive. Unpack it and drop the files themselves.`);
  return { isGzip: first[0] === 0x1f && first[1] === 0x8b, encoding: encodingOf(first) };
}

/** The bytes of a file, gzip undone. @throws ImportError */
async function* readBytes(file: SourceFile, onBytes: OnBytes = () => {}): AsyncGenerator<Uint8Array> {
  const { isGzip } = await kindOf(file);
  let bytes = 0;
  const count = (chunk: Uint8Array) => {
    bytes += chunk.length;
    onBytes(bytes);
  };
  const counted = new TransformStream<Uint8Array, BufferSource>({
    transform(chunk, controller) {
      count(chunk);
      controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
    },
  });
  const plain = isGzip ? file.stream().pipeThrough(counted).pipeThrough(new DecompressionStream('gzip')) : file.stream();
  let ended = false;
  const reader = (plain as ReadableStream<Uint8Array>).getReader();
  try {
    while (!ended) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        ended = true;
        throw isGzip ? new ImportError(damaged(file.name, bytes), { cause: error }) : error;
      });
      ended = done;
      if (value === undefined) continue;
      if (!isGzip) count(value);
      yield value;
    }
  } finally {
    // Whoever stops reading early would leave an open file behind.
    if (!ended) await reader.cancel();
  }
}

/** Bytes that are looked at together. */
const BLOCK_BYTES = 1 << 18;
const LONGEST_LINE = 1 << 22;
const LINE_FEED = 10;

/**
 * The bytes of a file, whole lines at a time; only the last block may end without a line break. A block is only good until the
 * next one is asked for.
 *
 * @throws ImportError
 */
export async function* readBlocks(file: SourceFile, onBytes?: OnBytes, size = BLOCK_BYTES): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(2 * size);
  let filled = 0;
  /** Where the last whole line ends. */
  let end = 0;
  for await (const piece of readBytes(file, onBytes)) {
    for (let from = 0; from < piece.length; from += size) {
      const part = piece.subarray(from, from + size);
      if (filled + part.length > buffer.length) {
        if (filled + part.length > LONGEST_LINE) throw new ImportError(tooLong(file.name));
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
      buffer.copyWithin(0, end, filled);
      filled -= end;
      end = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

const tooLong = (name: string): string =>
  `${name} has a line of more than ${LONGEST_LINE.toLocaleString('en')} characters. Expected one interaction, or one user, a line; check how its lines end.`;

const damaged = (name: string, bytes: number): string =>
  `${name} is damaged: its gzip data ends or breaks off after ${bytes} bytes. Fetch it again.`;

const binary = (name: string): string =>
  `${name} is a binary file, or text that is not UTF-8. Expected text with one interaction a line, such as “user,item,timestamp”; save it as UTF-8.`;

const encodingOf = (first: Uint8Array): string =>
  first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8';

async function firstBytes(file: SourceFile): Promise<Uint8Array> {
  const reader = file.stream().getReader();
  try {
    const { value } = await reader.read();
    return value ?? new Uint8Array();
  } finally {
    await reader.cancel();
  }
}

/** The first characters of a file, whole lines only (unless the file has but one). */
export async function readBeginning(file: SourceFile, characters: number): Promise<string> {
  let text = '';
  for await (const piece of readText(file)) {
    // Empty lines say nothing about a file, and there may be millions of them.
    text += piece.replace(/\n(?:\r?\n)+/g, '\n');
    if (text.length >= characters) return text.slice(0, text.lastIndexOf('\n') + 1 || undefined);
  }
  return text;
}
