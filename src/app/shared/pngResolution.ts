/** Bytes of the signature and of the header chunk that every PNG begins with. */
const HEADER_END = 33;

/** The chunk that says 11,811 dots a metre, which is 300 an inch: length, `pHYs`, across, down, unit, checksum. */
const RESOLUTION_CHUNK = Uint8Array.of(
  ...[0, 0, 0, 9, 0x70, 0x48, 0x59, 0x73],
  ...[0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1],
  ...[0x78, 0xa5, 0x3f, 0x76],
);

/** A PNG that is as large in a text as it is meant to be: canvases write no resolution. */
export const withResolution = (png: Blob): Blob =>
  new Blob([png.slice(0, HEADER_END), RESOLUTION_CHUNK, png.slice(HEADER_END)], { type: 'image/png' });
