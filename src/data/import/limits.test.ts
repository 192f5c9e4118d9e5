import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { readFiles } from './dataset.ts';
import type { FileFormat } from './format.ts';
import { LONGEST_LINE } from './limits.ts';
import type { TableRows } from './readers/table.ts';
import { recognise } from './recognise.ts';
import { file } from './testFile.ts';
import type { SourceFile } from './text.ts';

const range = <T>(count: number, row: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => row(i));

const csvFile = () => file('user,item\nu1,i1\nu2,i2\n', 'rows.csv', 4096);

describe('limits', () => {
  it('a line without end is refused before it is in memory', async () => {
    const endless = `user,item\nu1,"${'x'.repeat(2 * LONGEST_LINE)}`;
    const target = csvFile();
    const { format } = await recognise(csvFile());
    const read = readFiles({ file: file(endless, 'endless', 1 << 16), format }, { file: target, format }, { skipBadRows: true });
    await expect(read).rejects.toThrow(/endless: line 2 is longer than 4 MB/);
    const sequences = file(`a b c\n${'item '.repeat(LONGEST_LINE)}`, 'wide', 1 << 16);
    const wide = {
      file: sequences,
      format: { format: 'sequences', separator: ' ', hasUser: false, pair: null, timeUnit: 'number' },
    } as const;
    await expect(readFiles(wide, wide, { skipBadRows: true })).rejects.toThrow(/wide: line 2 is longer/);
  });

  const table = (rows: TableRows): FileFormat => ({
    format: 'long',
    rows,
    user: 0,
    item: 1,
    time: null,
    timeUnit: 'number',
    isOrdered: false,
  });
  it.each<[string, FileFormat, FileFormat['format'], string]>([
    ['a table', table({ kind: 'delimited', separator: ',', header: false, width: 2 }), 'long', 'u1,i1\n'],
    ['JSON Lines', table({ kind: 'json-lines', fields: ['u', 'i'] }), 'long', '{"u":"u1","i":"i1"}\n'],
    ['the release’s pair', { format: 'pretraining-lines' }, 'fine-tuning-lines', 'a,b\n'],
  ])('a line of 100 MB is refused after a few of them, also in gzip: %s', async (_name, format, other, line) => {
    let given = 0;
    // What repeats would pack too well, and be refused as a bomb.
    const random = randomStream(1, 'digits');
    const [start, digits] = [new TextEncoder().encode(line), Uint8Array.from(range(1 << 16, () => 48 + random.integer(10)))];
    const stream = () => {
      given = 0;
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull(controller) {
          controller.enqueue(given === 0 ? start : digits);
          if (++given > 1600) controller.close();
        },
      });
    };
    const target = { file: csvFile(), format: other === 'fine-tuning-lines' ? { format: other } : format };
    for (const packed of [false, true]) {
      const source: SourceFile = {
        name: 'long',
        size: 100 << 20,
        stream: () => (packed ? stream().pipeThrough(new CompressionStream('gzip')) : stream()),
        slice: null,
      };
      const read = readFiles({ file: source, format }, target, { skipBadRows: true });
      await expect(read).rejects.toThrow(/long: line 2 is longer than 4 MB/);
      // Node, unlike browsers, takes in packed pieces without being asked.
      if (!packed) expect(given).toBeLessThan(200);
    }
  });

  it('a gzip bomb is refused once it has shown what it is', async () => {
    const bomb = file(
      new Uint8Array(gzipSync(Buffer.alloc(40 << 20, `${'u'.repeat(300)},${'i'.repeat(300)}\n`))),
      'bomb.gz',
      1 << 14,
    );
    const { format } = await recognise(file('u,i\nv,j\n'));
    await expect(readFiles({ file: bomb, format }, { file: bomb, format }, { skipBadRows: true })).rejects.toThrow(
      /bomb.gz unpacks to more than 100 times its size/,
    );
  });

  it('absurd widths are refused', async () => {
    const row = range(1500, (i) => i).join(';');
    await expect(recognise(file(`${row};x\n${row};y\n`), { format: 'long' })).rejects.toThrow(/has 1501 columns; at most 1000/);
  });
});
