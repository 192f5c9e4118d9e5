import { describe, expect, it } from 'vitest';
import { readFiles } from './dataset.ts';
import type { LongFormat } from './format.ts';
import { mappingKey } from './mappings.ts';
import { readRow } from './preview.ts';
import { recognise } from './recognise.ts';
import { separatorProblem } from './separators.ts';
import { file as testFile } from './testFile.ts';
import { dateWords } from './times.ts';

const rows = { kind: 'delimited', separator: ',', header: true, width: 3 } as const;
const long: LongFormat = { format: 'long', rows, user: 0, item: 1, time: 2, timeUnit: 'seconds', isOrdered: false };

describe('the preview', () => {
  it('shows a row as it will be read, and follows each correction', () => {
    const fields = ['u1', 'i1', '1357430400'];
    expect(readRow(fields, long, 1)).toEqual({
      user: 'u1',
      item: 'i1',
      targets: '',
      time: '6 Jan 2013, 00:00',
      domain: null,
      problem: null,
    });
    expect(readRow(fields, { ...long, user: 1, item: 0, timeUnit: 'number' }, 1)).toMatchObject({
      user: 'i1',
      time: '1357430400',
    });
    expect(readRow(fields, { ...long, timeUnit: 'iso' }, 1)?.problem).toMatch(/column 3: “1357430400” is no time/);
    expect(readRow(['u1', 'i1'], long, 1)?.problem).toMatch(/has 2 of 3 fields/);
    const domains = { ...long, format: 'domains', domain: 1, source: 'i1', target: 'x' } as const;
    expect(readRow(fields, domains, 1)?.domain).toBe('source');
    expect(readRow(['u1', 'y', '1'], domains, 1)?.domain).toBe('left out');
  });

  it('shows lines of items', () => {
    const format = { format: 'sequences', separator: ' ', hasUser: false, pair: '|', timeUnit: 'seconds' } as const;
    const line = Array.from({ length: 6 }, (_, i) => `i${i}|${1_357_430_400 + i}`).join(' ');
    expect(readRow([line], format, 7)).toMatchObject({
      user: 'line-7',
      item: 'i0, i1, i2, i3 … (6 items)',
      time: '6 Jan 2013, 00:00',
    });
  });
});

describe('the preview of the release’s pair', () => {
  const read = (line: string, format: 'pretraining-lines' | 'fine-tuning-lines' = 'fine-tuning-lines') =>
    readRow([line], { format }, 3);

  it('shows who a line is, without padding, and what is wrong with it', () => {
    expect(read('0,0,5, 7,9,11,13', 'pretraining-lines')).toMatchObject({
      user: 'pretraining-line-3',
      item: '5, 7, 9, 11 … (5 items)',
      targets: '',
      problem: null,
    });
    expect(read('0,5,7,,0,2')).toMatchObject({ user: 'line-3', item: '5, 7', targets: '0, 2', problem: null });
  });

  it.each(['5,7', '5,,7,,8', '0,0,,7', '5,7,,'])('says of %s what reading it says', async (line) => {
    const pair = ['5,7\n', `5,,8\n5,,8\n${line}\n`].map((text) => testFile(text));
    const rejected = readFiles(
      { file: pair[0], format: { format: 'pretraining-lines' } },
      { file: pair[1], format: { format: 'fine-tuning-lines' } },
      { skipBadRows: false },
    );
    await expect(rejected).rejects.toMatchObject({ rows: [{ line: 3, what: read(line)?.problem }] });
  });
});

describe('the preview of lines', () => {
  it('names users as reading does: by lines, of which empty and skipped ones count', async () => {
    const [pretraining, finetuning] = [testFile('5,7\n\r\n0,0\n9,5\n'), testFile('5,,8\n\n7,,9\n')];
    const formats = [{ format: 'pretraining-lines' }, { format: 'fine-tuning-lines' }] as const;
    const { users } = await readFiles(
      { file: pretraining, format: formats[0] },
      { file: finetuning, format: formats[1] },
      { skipBadRows: true },
    );
    const shown: string[] = [];
    for (const [i, file] of [pretraining, finetuning].entries()) {
      const { preview, lines } = await recognise(file, { format: formats[i].format });
      const rows = preview.map((fields, r) => readRow(fields, formats[i], lines[r]));
      for (const row of rows) if (row?.problem === null) shown.push(row.user);
    }
    expect(shown).toEqual(['pretraining-line-1', 'pretraining-line-4', 'line-1', 'line-3']);
    expect(users).toEqual(shown);
  });
});

describe('times', () => {
  it.each([
    ['1357430400000000', 'microseconds', '6 Jan 2013, 00:00'],
    ['15711', 'days', '6 Jan 2013'],
    ['2013-01-06 10:30:00', 'iso', '6 Jan 2013, 10:30'],
    ['2013-01-06T10:30:00+02:00', 'iso', '6 Jan 2013, 08:30'],
    ['13.04.2021', 'day-month-year', '13 Apr 2021, 00:00'],
    ['3/4/2021 10:30', 'day-month-year', '3 Apr 2021, 10:30'],
    ['03/04/2021 12:05:30 AM', 'month-day-year', '4 Mar 2021, 00:05'],
    ['04/13/2021, 1:05 pm', 'month-day-year', '13 Apr 2021, 13:05'],
    ['04.13.2021', 'month-day-year', null],
    ['31.04.2021', 'day-month-year', null],
    ['13.04/2021', 'day-month-year', null],
    ['13.04.21', 'day-month-year', null],
    ['13.04.0021', 'day-month-year', null],
    ['13.04.2021 25:00', 'day-month-year', null],
    ['12', 'number', null],
    ['1e300', 'days', null],
  ] as const)('%s in %s is %s', (text, unit, words) => {
    expect(dateWords(text, unit)).toBe(words);
  });
});

describe('files that are alike', () => {
  it('have one key, whatever their fields of JSON are ordered by', () => {
    const json = { ...long, rows: { kind: 'json-lines', fields: [] } } as const;
    expect(mappingKey(json, ['a', 'b'])).toBe(mappingKey(json, ['b', 'a']));
    const plain = { ...long, rows: { ...rows, header: false } };
    expect(mappingKey(plain, ['column 1'])).not.toBe(mappingKey(long, ['column 1']));
    expect(mappingKey(long, ['a', 'b'])).not.toBe(mappingKey(long, ['a,b']));
    expect(mappingKey(long, ['a', 'b'])).toBe(mappingKey({ ...long, user: 1, item: 0 }, ['a', 'b']));
  });
});

describe('separators written by hand', () => {
  it('are neither quotes, nor letters, nor long', () => {
    for (const fine of ['|', '::', '\u0001', '#']) expect(separatorProblem(fine)).toBeNull();
    for (const bad of ['', '"', 'a', '7', '\n', '||||']) expect(separatorProblem(bad)).not.toBeNull();
  });
});
