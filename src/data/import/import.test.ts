import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rowOf } from '../dataset.ts';
import { Vocabulary, wholeLog } from '../events.ts';
import { NO_FILTERS, prepare } from '../prepare.ts';
import { readFiles } from './dataset.ts';
import type { LongFormat } from './format.ts';
import { parseLines, parseLong } from './parse.ts';
import { type Recognition, recognise } from './recognise.ts';
import { file } from './testFile.ts';
import type { SourceFile } from './text.ts';

async function long(content: string | Uint8Array, change: Partial<LongFormat> = {}) {
  const source = file(content);
  const { format } = await recognise(source);
  if (format.format !== 'long') throw new Error(`recognised as ${format.format}`);
  return read(source, { ...format, ...change }, false);
}

async function read(source: SourceFile, format: LongFormat, skipBadRows: boolean) {
  const users = new Vocabulary();
  const log = await parseLong(source, format, users, { skipBadRows });
  return { userIds: users.names, itemIds: log.itemIds, ...wholeLog(log) };
}

const ROWS = 'u1,i1,1357430400\nu1,i2,1357430500\nu2,i1,1357430600\n';

describe('recognition', () => {
  it.each([
    ['comma', ROWS, ','],
    ['tab', ROWS.replaceAll(',', '\t'), '\t'],
    ['semicolon', ROWS.replaceAll(',', ';'), ';'],
    ['space', ROWS.replaceAll(',', ' '), ' '],
  ])('tells a %s apart', async (_name, text, separator) => {
    const { format } = await recognise(file(text));
    expect(format).toMatchObject({
      format: 'long',
      rows: { kind: 'delimited', separator, header: false, width: 3 },
      user: 0,
      item: 1,
      time: 2,
      timeUnit: 'seconds',
    });
  });

  it('finds columns by their names, whatever their order', async () => {
    const { format, columns, preview } = await recognise(
      file('rating,asin,reviewerID,unixReviewTime\n5,i1,u1,1357430400\n3,i2,u1,1357430500\n'),
    );
    expect(format).toMatchObject({ rows: { header: true }, user: 2, item: 1, time: 3 });
    expect(columns).toEqual(['rating', 'asin', 'reviewerID', 'unixReviewTime']);
    expect(preview).toHaveLength(2);
  });

  it.each([
    ['milliseconds', 'u,i,1357430400000\nu,j,1357430500000\n'],
    ['iso', 'u,i,2013-01-06\nu,j,2013-01-07T10:00:00Z\n'],
  ])('tells times in %s', async (unit, text) => {
    expect((await recognise(file(text))).format).toMatchObject({ time: 2, timeUnit: unit });
  });

  it('takes a handful of small numbers for ratings, not for times', async () => {
    const text = Array.from({ length: 30 }, (_, i) => `u${i},i${i},${1 + (i % 5)}`).join('\n');
    expect((await recognise(file(text))).format).toMatchObject({ time: null });
  });

  it('names as many columns as rows have, however long the header is', async () => {
    const body = ROWS.replaceAll(',', ';').replaceAll(/[ui]/g, '');
    expect((await recognise(file(`user;when\n${body}`))).columns).toEqual(['user', 'when', 'column 3']);
    expect((await recognise(file(`a;b;c;item\n${body}`))).columns).toEqual(['a', 'b', 'c']);
  });

  it('does not take ids that sound like names for a header', async () => {
    expect((await recognise(file('user-1,item-7\nuser-2,item-9\n'))).format).toMatchObject({
      rows: { header: false, width: 2 },
      time: null,
    });
  });

  it('tells the release’s two files', async () => {
    const kind = async (text: string) => ((await recognise(file(text))) satisfies Recognition).format.format;
    expect(await kind('0,0,0,a,b\n0,a,b,c,d\n')).toBe('pretraining-lines');
    expect(await kind('0,0,a,b,,x\n0,a,b,c,,x,y\n')).toBe('fine-tuning-lines');
  });
});

describe('long format', () => {
  it('reads through BOM, CRLF, quotes, line breaks in quotes and gzip alike', async () => {
    const plain = await long(ROWS);
    expect(plain.userIds).toEqual(['u1', 'u2']);
    expect(Array.from(plain.item)).toEqual([0, 1, 0]);
    expect(await long(`\uFEFF${ROWS.replaceAll('\n', '\r\n')}`)).toEqual(plain);
    expect(await long(`user_id,item_id,timestamp\n${ROWS}`)).toEqual(plain);
    expect(await long(ROWS.replaceAll('u1', '"u1"'))).toEqual(plain);
    expect(await long(new Uint8Array(gzipSync(ROWS)))).toEqual(plain);
    expect((await long('"a,b",i1\n"say ""hi""",i2\n"two\nlines",i3\n')).userIds).toEqual(['a,b', 'say "hi"', 'two\nlines']);
  });

  it('names line and column of a bad row, and skips it only when told to', async () => {
    const text = `user,item,timestamp\n${ROWS}u3,i1\nu3,i1,soon\nu3,i1,1357430400,9\nu3,,1357430400\n`;
    await expect(long(text)).rejects.toThrow(
      /file.csv: 4 rows cannot be used: line 5 has 2 of 3 fields: one is missing; line 6 column 3: “soon” is no time/,
    );
    const { format } = await recognise(file(text));
    const table = await read(file(text), format as LongFormat, true);
    expect(table.user).toHaveLength(3);
  });

  it('keeps quoted text whole, with doubled quotes and line breaks in it', async () => {
    const text = 'u1,"first line\nhe said ""hi"" and\nmore"\nu2,"a ""b\n"""\n';
    expect((await long(text)).itemIds).toEqual(['first line\nhe said "hi" and\nmore', 'a "b\n"']);
  });

  it('takes the separator that gives more columns where two would do', async () => {
    expect((await recognise(file('u1;i1;4,5\nu2;i2;3,0\n'))).format).toMatchObject({ rows: { separator: ';', width: 3 } });
    expect((await recognise(file('u1;i1;4,5\nu2;i2;3,0\n'), { separator: ',' })).format).toMatchObject({
      rows: { separator: ',', width: 2 },
    });
  });

  it('counts lines rightly after quoted line breaks', async () => {
    await expect(long('u1,"i\n1",1357430400\nu2,i2,1357430500\nu3\nu4,i4,1357430700\n')).rejects.toThrow(
      /line 4 has 1 of 3 fields/,
    );
  });
});

describe('bad files', () => {
  it.each([
    ['an empty file', '', /is empty/],
    ['only empty lines', '\n\n\n', /nothing but empty lines/],
    ['a binary file', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2]), /is a binary file/],
    ['no text, without a NUL', new Uint8Array([0x75, 0x2c, 0xe9, 0x01, 0x0a]), /is a binary file \(.*\), or text of an encoding/],
    [
      'UTF-8 and something else',
      new Uint8Array([0x75, 0x2c, 0xc3, 0xa9, 0xe9, 0x0a]),
      /begins as UTF-8 and goes on as something else/,
    ],
    ['a zip archive', new Uint8Array([0x50, 0x4b, 3, 4, 0]), /is a zip archive/],
    ['one column only', 'a\nb\nc\n', /has only one column.*line 1 is “a”/],
    ['a header without rows', 'user_id,item_id\n', /has a header but no rows/],
  ])('%s gets a sentence', async (_name, content, sentence) => {
    await expect(long(content)).rejects.toThrow(sentence);
  });

  it('a damaged gzip gets a sentence', async () => {
    const whole = gzipSync('u,i\n'.repeat(5000));
    await expect(long(new Uint8Array(whole.subarray(0, whole.length / 2)))).rejects.toThrow(/is damaged/);
  });
});

describe('the release’s pair', () => {
  const pretraining = file('0,0,a,b\n0,c,a,b\n', 'pre.csv');

  it('drops padding and keeps targets that look like it', async () => {
    const pair = await parseLines(pretraining, file('0,0,a,b,,x,0\n', 'fine.csv'), { skipBadRows: false });
    expect(pair.source.itemIds).toEqual(['a', 'b', 'c']);
    expect(pair.users).toEqual(['pretraining-line-1', 'pretraining-line-2', 'line-1']);
    expect(Array.from(wholeLog(pair.source).item)).toEqual([0, 1, 2, 0, 1, 0, 1]);
    expect(pair.target.itemIds).toEqual(['x', '0']);
  });

  it('pre-trains on the first file’s lines and names users by the second’s', async () => {
    const fine = file('0,0,b,c,,x\n\n0,0,0,a,,x,y\n', 'fine.csv');
    const dataset = prepare('d', await parseLines(pretraining, fine, { skipBadRows: false }), NO_FILTERS);
    expect(dataset.pretrainingUsers).toBe(2);
    expect(dataset.users.slice(2)).toEqual(['line-1', 'line-3']);
    expect(Array.from(rowOf(dataset.source, 2), (item) => dataset.sourceItems[item])).toEqual(['b', 'c']);
    expect(Array.from(rowOf(dataset.targets, 3), (item) => dataset.targetItems[item])).toEqual(['x', 'y']);
    expect(dataset.figures).toMatchObject({ sourceUsers: 2, targetUsers: 2, instances: 3, sourceInteractions: 5 });
  });

  it('without a common source item is refused', async () => {
    const stranger = parseLines(pretraining, file('0,0,0,q,,x\n', 'fine.csv'), { skipBadRows: false });
    await expect(stranger).rejects.toThrow(/has items like “q”, while pre.csv has items like “a”, “b”, “c”/);
  });

  it.each([
    ['0,0,0,0,,x\n', /fine.csv: one row cannot be used: line 1 the source sequence is only padding/],
    ['0,a,b\n', /the double comma before the target items is missing/],
    ['0,a,,x,,y\n', /more than one double comma/],
    ['0,a,b,,\n', /no target item stands after the double comma/],
  ])('refuses %j', async (text, sentence) => {
    await expect(parseLines(pretraining, file(text, 'fine.csv'), { skipBadRows: false })).rejects.toThrow(sentence);
  });

  it('does not go with a file in long format', async () => {
    const format = (await recognise(file(ROWS))).format;
    const lines = { file: pretraining, format: { format: 'pretraining-lines' as const } };
    const mixed = readFiles(lines, { file: file(ROWS), format }, { skipBadRows: false });
    await expect(mixed).rejects.toThrow(/do not belong together/);
  });
});

describe('labels', () => {
  const clicks = `user_id,item_id,timestamp\n${Array.from({ length: 90 }, (_, i) => `u${i % 30},i${i % 7},${1_357_430_400 + i}`).join('\n')}\n`;
  const ages = (header: string) =>
    `${header}${Array.from({ length: 30 }, (_, u) => `u${u},${u % 3 ? 'young' : 'old'}`).join('\n')}\nstranger,old\n`;
  const options = { skipBadRows: false };

  it.each([
    ['by the name of their column', 'user,age_bracket\n'],
    ['by their few words, each user once', ''],
  ])('are told from interactions %s', async (_name, header) => {
    const { format } = await recognise(file(ages(header)));
    expect(format).toMatchObject({ format: 'labels', user: 0, item: 1, time: null, rows: { header: header !== '' } });
  });

  it.each(['user,page,unix_time\n', 'userId,message,when\n'])('are not taken from a log with the columns %s', async (header) => {
    const rows = Array.from({ length: 60 }, (_, i) => `u${i % 30},w${i % 4},${1_357_430_400 + i}`).join('\n');
    expect((await recognise(file(header + rows))).format).toMatchObject({ format: 'long', user: 0, item: 1, time: 2 });
  });

  it('are not taken for them where the user says so, nor the other way round', async () => {
    expect((await recognise(file(ages('user,age\n')), { format: 'long' })).format.format).toBe('long');
    expect((await recognise(file(clicks))).format.format).toBe('long');
    expect((await recognise(file(clicks), { format: 'labels' })).format).toMatchObject({ format: 'labels', time: null });
  });

  it('become the one target of each user, classes by falling frequency', async () => {
    const [source, target] = [file(clicks, 'clicks.csv'), file(ages('user,age\n'), 'ages.csv')];
    const [first, second] = [await recognise(source), await recognise(target)];
    const files = [
      { file: source, format: first.format },
      { file: target, format: second.format },
    ] as const;
    const dataset = prepare('p', await readFiles(...files, options), NO_FILTERS);
    expect(dataset).toMatchObject({ task: 'profile', targetItems: ['young', 'old'], timed: false });
    expect(dataset.figures).toMatchObject({ targetUsers: 30, targetItems: 2, instances: 30, targetOnlyUsers: 1 });
    expect(Array.from(dataset.targets.values.subarray(0, 4))).toEqual([1, 0, 0, 1]);
  });

  it('of one kind, or of strangers, are refused in a sentence', async () => {
    const read = async (text: string) => {
      const [source, target] = [file(clicks, 'clicks.csv'), file(text, 'labels.csv')];
      const formats = [await recognise(source), await recognise(target, { format: 'labels' })];
      const files = [
        { file: source, format: formats[0].format },
        { file: target, format: formats[1].format },
      ] as const;
      return prepare('p', await readFiles(...files, options), NO_FILTERS);
    };
    await expect(read('u1,x\nu2,x\n')).rejects.toThrow(/have the same label \(“x”\)/);
    await expect(read('a,x\nb,y\n')).rejects.toThrow(/No user occurs in both/);
  });
});
