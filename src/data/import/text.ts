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

/**
 * The text of a file, piece by piece: gzip is undone, a byte order mark dropped, UTF-16 recognised by its mark.
 *
 * @throws ImportError for a file that is empty, binary, or not UTF-8
 */
export async function* readText(file: SourceFile, onBytes: OnBytes = () => {}): AsyncGenerator<string> {
  const first = await firstBytes(file);
  if (first.length === 0)
    throw new ImportError(`${file.name} is empty. Expected one interaction a line, such as “user,item,timestamp”.`);
  const gzip = first[0] === 0x1f && first[1] === 0x8b;
  if (first[0] === 0x50 && first[1] === 0x4b)
    throw new ImportError(`${file.name} is a zip archive. Unpack it and drop the files themselves.`);
  let bytes = 0;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array, BufferSource>({
      transform(chunk, controller) {
        bytes += chunk.length;
        onBytes(bytes);
        controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
      },
    }),
  );
  const plain = gzip ? counted.pipeThrough(new DecompressionStream('gzip')) : counted;
  const decoder = new TextDecoder(encodingOf(first), { fatal: true });
  let anything = false;
  const reader = (plain as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const text = decoder.decode(value, { stream: !done });
      if (text.includes('\u0000')) throw new ImportError(binary(file.name));
      if (text.trim() !== '') anything = true;
      if (text !== '') yield text;
      if (done) break;
    }
    await reader.cancel();
  } catch (error) {
    if (error instanceof ImportError) throw error;
    if (gzip)
      throw new ImportError(`${file.name} is damaged: its gzip data ends or breaks off after ${bytes} bytes. Fetch it again.`);
    if (error instanceof TypeError) throw new ImportError(binary(file.name), { cause: error });
    throw error;
  } finally {
    reader.releaseLock();
  }
  if (!anything)
    throw new ImportError(
      `${file.name} holds nothing but empty lines. Expected one interaction a line, such as “user,item,timestamp”.`,
    );
}

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
export async function readBeginning(file: SourceFile, characters = 1 << 17): Promise<string> {
  let text = '';
  for await (const piece of readText(file)) {
    text += piece;
    if (text.length >= characters) return text.slice(0, text.lastIndexOf('\n') + 1 || undefined);
  }
  return text;
}
