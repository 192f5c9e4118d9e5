import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { entriesOf, entryFile, isZip } from './archive.ts';
import { recognise } from './recognise.ts';
import { file } from './testFile.ts';
import { readBeginning } from './text.ts';

const text = (content: string) => new TextEncoder().encode(content);
const CSV = `user,item\n${Array.from({ length: 150 }, (_, i) => `u${i % 9},i${i % 7}\n`).join('')}`;
const ZIP = zipSync({
  'data/music.csv': text(CSV),
  'data/stored.csv': [text(CSV), { level: 0 }],
  '__MACOSX/data/._music.csv': text('x'),
  'data/.DS_Store': text('x'),
});
const open = (bytes: Uint8Array) => file(bytes, 'data.zip', 512);

describe('zip archives', () => {
  it('show their files; folders and what macOS adds are none', async () => {
    const archive = open(ZIP);
    expect(await isZip(archive)).toBe(true);
    expect(await isZip(file(CSV))).toBe(false);
    const entries = await entriesOf(archive);
    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ['data/music.csv', CSV.length],
      ['data/stored.csv', CSV.length],
    ]);
    for (const entry of entries) {
      const opened = entryFile(archive, entry);
      expect(await readBeginning(opened, 1e6)).toBe(CSV);
      expect((await recognise(opened)).format).toMatchObject({ format: 'long', rows: { header: true } });
    }
    expect(entryFile(archive, entries[1]).name).toBe('stored.csv');
  });

  it('cut off anywhere are refused in a sentence', async () => {
    for (let cut = 4; cut < ZIP.length; cut += 37)
      await expect(entriesOf(open(ZIP.subarray(0, cut)))).rejects.toThrow(/data.zip is a damaged zip archive/);
  });

  it('with any byte changed give what was packed, or a sentence', async () => {
    const wrong: string[] = [];
    for (let at = 0; at < ZIP.length; at++) {
      const changed = Uint8Array.from(ZIP);
      changed[at] ^= 0xff;
      try {
        const archive = open(changed);
        for (const entry of await entriesOf(archive)) {
          const read = entry.path.endsWith('.csv') ? await readBeginning(entryFile(archive, entry), 1e6) : CSV;
          if (read !== CSV) wrong.push(`${at}: other contents`);
        }
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ImportError') wrong.push(`${at}: ${error}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('that are encrypted, too large, packed in a strange way or one in the other say so', async () => {
    const at = ZIP.findIndex((_, i) => new DataView(ZIP.buffer, ZIP.byteOffset + i, 4).getUint32(0, true) === 0x02014b50);
    const changed = (offset: number, ...bytes: number[]) => {
      const other = Uint8Array.from(ZIP);
      other.set(bytes, at + offset);
      return open(other);
    };
    const first = async (archive: ReturnType<typeof open>) =>
      readBeginning(entryFile(archive, (await entriesOf(archive))[0]), 100);
    await expect(first(changed(8, 1))).rejects.toThrow(/music.csv in data.zip is encrypted/);
    await expect(first(changed(10, 93))).rejects.toThrow(/packed by method 93/);
    await expect(first(changed(24, 0xff, 0xff, 0xff, 0xff))).rejects.toThrow(/the size of one of its files is missing/i);
    const nested = open(zipSync({ 'inner.zip': ZIP }));
    await expect(first(nested)).rejects.toThrow(/inner.zip is a zip archive inside another file. Unpack it/);
    await expect(entriesOf(open(zipSync({})))).rejects.toThrow(/without files/);
  });

  it('that are Excel workbooks say how their sheets can be read', async () => {
    const workbook = zipSync({ '[Content_Types].xml': text('<a/>'), 'xl/worksheets/sheet1.xml': text('<a/>') });
    await expect(entriesOf(open(workbook))).rejects.toThrow(/is an Excel workbook\. Save the sheet as CSV/);
  });

  it('that are bombs are refused once they have shown it', async () => {
    const bomb = open(zipSync({ 'bomb.csv': new Uint8Array(40 << 20).fill(97) }));
    const [entry] = await entriesOf(bomb);
    const read = (async () => {
      for await (const _ of entryFile(bomb, entry).stream()) {
        // Nothing is kept.
      }
    })();
    await expect(read).rejects.toThrow(/bomb.csv unpacks to more than 100 times its size/);
  });
});
