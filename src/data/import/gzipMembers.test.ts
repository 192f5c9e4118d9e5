import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unpackMembers } from './gzipMembers.ts';
import { file } from './testFile.ts';
import { readText } from './text.ts';

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function unpacked(bytes: Uint8Array, length = 5000): Promise<string> {
  let text = '';
  for await (const part of unpackMembers(inPieces(bytes, length))) text += new TextDecoder('latin1').decode(part);
  return text;
}

const packed = (parts: readonly string[]) => new Uint8Array(Buffer.concat(parts.map((part) => gzipSync(part))));
const rows = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i % 7},i${i}\n`).join('');
const PARTS = [rows('u', 3000), '', rows('v', 10), rows('w', 20_000)];

describe('a gzip of several parts', () => {
  it('is read whole, however it is cut into pieces', async () => {
    for (const length of [1, 7, 8192, 1 << 20])
      expect(await unpacked(packed(PARTS.slice(0, 3)), length)).toBe(PARTS.slice(0, 3).join(''));
    expect(await unpacked(packed(PARTS))).toBe(PARTS.join(''));
    expect(await unpacked(packed(Array.from({ length: 300 }, () => 'x')))).toHaveLength(300);
  });

  it('is refused where anything of it is another one, or missing', async () => {
    const bytes = packed(['u1,i1\n', rows('u', 40)]);
    const whole = await unpacked(bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, by, isCut) => {
        const changed = isCut ? bytes.slice(0, at) : bytes.slice();
        if (!isCut) changed[at] ^= by;
        const text = await unpacked(changed).catch(() => null);
        // Of a head only flags count; cut off between two parts it is a gzip of one.
        expect([null, whole, 'u1,i1\n']).toContain(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a browser that unpacks the first part alone', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** Gives so many characters of the first part, and then fails on what comes behind it, as browsers do. */
  const stopAfter = (characters: number) =>
    vi.stubGlobal(
      'DecompressionStream',
      class extends TransformStream<Uint8Array, Uint8Array> {
        constructor() {
          super({
            start: (controller) => controller.enqueue(new TextEncoder().encode(PARTS[0].slice(0, characters))),
            transform: () => {},
            flush: () => {
              throw new TypeError('Junk found after end of compressed data.');
            },
          });
        }
      },
    );
  const textOf = async (bytes: Uint8Array) => {
    let text = '';
    for await (const piece of readText(file(bytes, 'parts.csv.gz', 1 << 20))) text += piece;
    return text;
  };

  it('reads all of them, none of it twice', async () => {
    for (const characters of [0, 100, PARTS[0].length]) {
      stopAfter(characters);
      expect(await textOf(packed(PARTS))).toBe(PARTS.join(''));
    }
  });

  it('says where it breaks off', async () => {
    stopAfter(100);
    await expect(textOf(packed(PARTS).slice(0, -9))).rejects.toThrow(/parts.csv.gz is damaged: its gzip data ends or breaks off/);
  });
});
