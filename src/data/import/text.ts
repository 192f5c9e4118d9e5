import { ImportError } from '../errors.ts';
import { checkUnpacked } from './limits.ts';

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
export type OnBytes = (bytes: number) => void;

/**
 * The text of a file, piece by piece: gzip is undone, a byte order mark dropped, UTF-16 recognised by its mark.
 *
 * @throws ImportError for a file that is empty, binary, or not UTF-8
 */
export async function* readText(file: SourceFile, onBytes: OnBytes = () => {}): AsyncGenerator<string> {
  const first = await firstBytes(file);
  if (first.length === 0)
    throw new ImportError(`${file.name} is empty. Expected one interaction a line, such as “user,item,timestamp”.`);
  const gzip = isGzip(first);
  if (first[0] === 0x50 && first[1] === 0x4b)
    throw new ImportError(`${file.name} is a zip archive inside another file. Unpack it and drop the files themselves.`);
  let bytes = 0;
  let unpacked = 0;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array, BufferSource>({
      transform(chunk, controller) {
        bytes += chunk.length;
        controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
      },
    }),
  );
  const plain = gzip ? counted.pipeThrough(new DecompressionStream('gzip')) : counted;
  const decoder = new TextDecoder(encodingOf(first), { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      const text = decoder.decode(chunk, { stream: chunk !== undefined });
      if (!text.includes('\u0000')) return text;
    } catch (error) {
      throw new ImportError(binary(file.name), { cause: error });
    }
    throw new ImportError(binary(file.name));
  };
  let anything = false;
  let ended = false;
  const reader = (plain as ReadableStream<Uint8Array>).getReader();
  try {
    while (!ended) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        ended = true;
        throw gzip && !(error instanceof ImportError) ? new ImportError(damaged(file.name, bytes), { cause: error }) : error;
      });
      ended = done;
      // Not within the stream: whoever stops the reading here throws an error of their own, which is no damage.
      onBytes(bytes);
      unpacked += value?.length ?? 0;
      if (gzip) checkUnpacked(file.name, bytes, unpacked);
      const text = decode(value);
      if (text.trim() !== '') anything = true;
      if (text !== '') yield text;
    }
  } finally {
    // Whoever stops reading early would leave an open file behind.
    if (!ended) await reader.cancel();
  }
  if (!anything) {
    throw new ImportError(
      `${file.name} holds nothing but empty lines. Expected one interaction a line, such as “user,item,timestamp”.`,
    );
  }
}

const damaged = (name: string, bytes: number): string =>
  `${name} is damaged: its gzip data ends or breaks off after ${bytes} bytes. Fetch it again.`;

const binary = (name: string): string =>
  `${name} is a binary file, or text that is not UTF-8. Expected text with one interaction a line, such as “user,item,timestamp”; save it as UTF-8.`;

const encodingOf = (first: Uint8Array): string =>
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
export async function readBeginning(file: SourceFile, characters: number): Promise<string> {
  let text = '';
  for await (const piece of readText(file)) {
    text += piece;
    if (text.length >= characters) return text.slice(0, text.lastIndexOf('\n') + 1 || undefined);
  }
  return text;
}
