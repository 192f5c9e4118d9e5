const PACKED_BYTES = 1 << 15;

/** Packed bytes in small pieces: a browser unpacks a piece as a whole, and it may come to a thousand times its size. */
export function* unpackedAtOnce(chunk: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let from = 0; from < chunk.length; from += PACKED_BYTES)
    yield chunk.subarray(from, from + PACKED_BYTES) as Uint8Array<ArrayBuffer>;
}
