type NumberArray = Uint8Array | Int32Array | Uint32Array | Float64Array;

/**
 * Gives the memory of arrays back at once, where the browser can. Otherwise that of large arrays waits until garbage is collected, which
 * comes late where hardly anything but numbers is made. They are empty then, and so are all views of them.
 */
export function giveBack(...arrays: readonly NumberArray[]): void {
  // Node 20, and browsers of before 2024, do not have it.
  for (const { buffer } of arrays) (buffer as { transfer?: (length: number) => ArrayBuffer }).transfer?.(0);
}
