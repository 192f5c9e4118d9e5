/** Room for what does not fit into memory: bytes that are written, read back, and written over at once, without an await. */
export interface Scratch {
  readonly size: number;
  readonly write: (bytes: Uint8Array, at: number) => void;
  /** Fills `into` from `at` on. */
  readonly read: (into: Uint8Array, at: number) => void;
}

/** The bytes of a typed array, not copied. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
