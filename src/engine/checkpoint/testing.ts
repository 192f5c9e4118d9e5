/** A file in memory. */
export function memoryFile() {
  let bytes = new Uint8Array();
  return {
    get size() {
      return bytes.length;
    },
    get bytes() {
      return bytes;
    },
    write: (more: Uint8Array, at: number) => {
      const longer = new Uint8Array(Math.max(bytes.length, at + more.length));
      longer.set(bytes);
      longer.set(more, at);
      bytes = longer;
    },
    read: (into: Uint8Array, at: number) => {
      if (at + into.length > bytes.length) throw new Error('cut short');
      into.set(bytes.subarray(at, at + into.length));
    },
  };
}
