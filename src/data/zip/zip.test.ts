import { crc32 as expectedCrc } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DamagedEntryError, partsOf, wholeOf } from './contents.ts';
import { crc32 } from './crc32.ts';
import { endOf, entriesAt, type Sliced, slicedBlob, ZipError } from './directory.ts';

const text = (content: string) => new TextEncoder().encode(content);
const opened = (bytes: Uint8Array): Sliced => slicedBlob(new Blob([Uint8Array.from(bytes)]));
const listed = async (zip: Sliced) => entriesAt(zip, await endOf(zip));

/** Numbers of so many bytes, one after the other. */
function numbers(...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 8) view.setBigUint64(at, BigInt(value), true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** A zip as it is written beyond 4 GB: all sizes stand elsewhere. @param size of the file in it, as the directory has it */
function large(contents: Uint8Array, size = contents.length): Uint8Array {
  const [name, none, full] = [text('a.csv'), 0, 0xffffffff];
  const crc = crc32(contents);
  const local = joined(
    numbers(
      [4, 0x04034b50],
      [2, 45],
      [2, none],
      [2, none],
      [4, none],
      [4, crc],
      [4, full],
      [4, full],
      [2, name.length],
      [2, none],
    ),
    name,
    contents,
  );
  const extra = numbers([2, 1], [2, 24], [8, size], [8, contents.length], [8, 0]);
  const directory = joined(
    numbers([4, 0x02014b50], [2, 45], [2, 45], [2, none], [2, none], [4, none], [4, crc], [4, full], [4, full]),
    numbers([2, name.length], [2, extra.length], [2, none], [2, none], [2, none], [4, none], [4, full]),
    name,
    extra,
  );
  const end64 = joined(
    numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, none], [4, none], [8, 1], [8, 1]),
    numbers([8, directory.length], [8, local.length]),
  );
  const locator = numbers([4, 0x07064b50], [4, none], [8, local.length + directory.length], [4, 1]);
  const end = numbers([4, 0x06054b50], [2, none], [2, none], [2, 0xffff], [2, 0xffff], [4, full], [4, full], [2, none]);
  return joined(local, directory, end64, locator, end);
}

describe('a zip', () => {
  it('beyond 4 GB has its sizes elsewhere, and they are not believed either', async () => {
    const contents = text('user,item\n1,2\n');
    const zip = opened(large(contents));
    const [entry] = await listed(zip);
    expect(entry).toMatchObject({ path: 'a.csv', size: contents.length, packed: contents.length, offset: 0 });
    expect(await wholeOf(zip, entry, 100)).toEqual(contents);
    const lying = opened(large(contents, 2 ** 40));
    await expect(wholeOf(lying, (await listed(lying))[0], 2 ** 50)).rejects.toThrow(DamagedEntryError);
    await expect(listed(opened(large(contents, Number.MAX_SAFE_INTEGER + 1)))).rejects.toThrow(ZipError);
  });

  it('whose files share their bytes is refused', async () => {
    const bytes = zipSync({ a: [text('x'.repeat(500)), { level: 0 }], b: [text('y'.repeat(500)), { level: 0 }] });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 0; at < bytes.length - 4; at++) {
      if (view.getUint32(at, true) !== 0x02014b50) continue;
      // Both are said to be nearly all of it.
      view.setUint32(at + 20, 1000, true);
    }
    await expect(listed(opened(bytes))).rejects.toThrow(/larger than it is itself/);
  });

  it('whose directory would not end before its end is refused', async () => {
    const bytes = zipSync({ a: text('x') });
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(bytes.length - 10, bytes.length, true);
    await expect(listed(opened(bytes))).rejects.toThrow(/outside of it/);
  });

  it('that cannot be read any more is not called damaged, and that is given up is read no further', async () => {
    const bytes = Uint8Array.from({ length: 3 << 20 }, (_, i) => (i * i) >> 7);
    const zip = opened(zipSync({ a: bytes }));
    const [entry] = await listed(zip);
    expect(Buffer.compare(await wholeOf(zip, entry, 1e9), bytes)).toBe(0);
    const gone = new DOMException('', 'NotReadableError');
    let readings = 0;
    const failing: Sliced = {
      size: zip.size,
      slice: (from, to) => (readings++ === 0 ? zip.slice(from, to) : Promise.reject(gone)),
    };
    await expect(wholeOf(failing, entry, 1e9)).rejects.toBe(gone);
    const enough = new Error('enough');
    const reading = partsOf(zip, entry, () => {
      throw enough;
    });
    await expect(reading.next()).rejects.toBe(enough);
    expect(await reading.next()).toEqual({ done: true, value: undefined });
  });

  it('has the checksum of everybody else, in parts of any length', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
    for (const at of [0, 1, 7, 8, 333, 1000])
      expect(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))).toBe(expectedCrc(bytes));
  });
});
