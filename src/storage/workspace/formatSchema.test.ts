import { describe, expect, it } from 'vitest';
import { recogniseAs } from '../../data/import/recognise.ts';
import { file } from '../../data/import/testFile.ts';
import { fileFormat } from './formatSchema.ts';

const rows = { kind: 'delimited', separator: ',', header: true, width: 2 };
const long = { format: 'long', rows, user: 0, item: 1, time: null, timeUnit: 'seconds', isOrdered: false };

describe('a mapping of a stranger', () => {
  it('is one that files can be read with', () => {
    for (const format of [long, { format: 'names', rows: { kind: 'parquet', fields: ['a', 'b'] }, item: 1, name: 0 }])
      expect(fileFormat.parse(format)).toEqual(format);
  });

  it.each([
    ['of no kind', { ...long, format: 'banana' }],
    ['without a separator', { ...long, rows: { ...rows, separator: '' } }],
    ['cut by letters', { ...long, rows: { ...rows, separator: 'a' } }],
    ['with a column before the first', { ...long, user: -1 }],
    ['with half a column', { ...long, time: 0.5 }],
    ['with times of no unit', { ...long, timeUnit: 'toString' }],
    ['of nothing', null],
  ])('is refused: %s', (_what, format) => {
    expect(fileFormat.safeParse(format).success).toBe(false);
  });

  it('is not used where its columns are not there', async () => {
    const csv = file('user,item\nu1,i1\nu2,i2\n');
    expect(await recogniseAs(csv, fileFormat.parse(long))).not.toBeNull();
    expect(await recogniseAs(csv, fileFormat.parse({ ...long, item: 7 }))).toBeNull();
  });
});
