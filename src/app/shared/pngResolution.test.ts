import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { withResolution } from './pngResolution.ts';

describe('withResolution', () => {
  it('adds a chunk of 300 dots an inch, with its checksum, behind the header', () => {
    const bytes = Uint8Array.from({ length: 60 }, (_, i) => i);
    return withResolution(new Blob([bytes]))
      .arrayBuffer()
      .then((buffer) => {
        const view = new DataView(buffer);
        expect(new TextDecoder().decode(buffer.slice(37, 41))).toBe('pHYs');
        expect(view.getUint32(33)).toBe(9);
        expect(view.getUint32(41) * 0.0254).toBeCloseTo(300, 2);
        expect(view.getUint32(45)).toBe(view.getUint32(41));
        expect(view.getUint32(50)).toBe(crc32(new Uint8Array(buffer.slice(37, 50))));
        expect(Array.from(new Uint8Array(buffer.slice(54)))).toEqual(Array.from(bytes.slice(33)));
      });
  });
});
