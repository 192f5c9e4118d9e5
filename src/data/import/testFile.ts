import type { SourceFile } from './text.ts';

/** A file in memory that arrives in pieces of a few bytes, so that every boundary falls somewhere awkward. */
export function file(content: string | Uint8Array, name = 'file.csv', piece = 7): SourceFile {
  const data = typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content);
  const stream = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < data.length; i += piece) controller.enqueue(data.subarray(i, i + piece));
        controller.close();
      },
    });
  return { name, size: data.length, stream, slice: async (start, end) => data.slice(start, end) };
}
