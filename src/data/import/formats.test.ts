import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { type Reading, wholeLog } from '../events.ts';
import { readFiles } from './dataset.ts';
import { type Hint, type Recognition, recognise } from './recognise.ts';
import { file } from './testFile.ts';
import type { SourceFile } from './text.ts';

const range = <T>(count: number, row: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => row(i));
const lines = (count: number, row: (i: number) => string) => range(count, (i) => `${row(i)}\n`).join('');
const START = 1_357_430_400;

async function recognised(content: string | Uint8Array, hint: Hint = {}, name = 'file'): Promise<Recognition> {
  return recognise(file(content, name, 4096), hint);
}

/** Both files as they are recognised. */
async function readBoth(source: SourceFile, target: SourceFile, skipBadRows = false): Promise<Reading> {
  const [first, second] = [await recognise(source), await recognise(target)];
  return readFiles({ file: source, format: first.format }, { file: target, format: second.format }, { skipBadRows });
}

/** The events of the source in words: `user item time`. */
function events({ users, source }: Reading): string[] {
  const { user, item, time } = wholeLog(source);
  return range(source.length, (i) => [users[user[i]], source.itemIds[item[i]], time?.[i] ?? ''].join(' ').trim());
}

const ROWS = range(40, (i) => ({ user: `u${i % 8}`, item: `i${(i * 3) % 11}`, time: START + i }));
const EVENTS = ROWS.map(({ user, item, time }) => `${user} ${item} ${time}`);
const csv = `user_id,item_id,timestamp\n${ROWS.map(({ user, item, time }) => `${user},${item},${time}\n`).join('')}`;
const csvFile = () => file(csv, 'rows.csv', 4096);

const parquet = (columns: Parameters<typeof parquetWriteBuffer>[0]['columnData'], rowGroupSize = 1000) =>
  new Uint8Array(parquetWriteBuffer({ columnData: columns, rowGroupSize }));
const column = <K extends 'user' | 'item' | 'time'>(key: K) => ROWS.map((row) => row[key]);
const PARQUET = parquet(
  [
    { name: 'user_id', data: column('user'), type: 'STRING' },
    { name: 'item_id', data: column('item'), type: 'STRING' },
    { name: 'timestamp', data: column('time').map((time) => BigInt(time)), type: 'INT64' },
  ],
  16,
);

describe('text with any separator', () => {
  it.each(['|', '::', '^', '~', '\u0001', '#'])('tells %j apart', async (separator) => {
    const text = ROWS.map(({ user, item, time }) => [user, item, time].join(separator)).join('\n');
    const recognition = await recognised(text);
    expect(recognition.format).toMatchObject({ format: 'long', rows: { kind: 'delimited', separator, width: 3 }, time: 2 });
    expect(events(await readBoth(file(text), csvFile()))).toEqual(EVENTS);
  });

  it('reads quoted fields beside a separator that means something in a pattern', async () => {
    const text = `user|item\n"u|1"|i1\nu2|"i\n2"\nu2|i3\n`;
    const reading = await readBoth(file(text), csvFile());
    expect(events(reading)).toEqual(['u|1 i1', 'u2 i\n2', 'u2 i3']);
  });

  it('knows the typed header of RecBole', async () => {
    const inter = `user_id:token\titem_id:token\trating:float\ttimestamp:float\n${ROWS.map(
      ({ user, item, time }) => `${user}\t${item}\t5\t${time}.0\n`,
    ).join('')}`;
    const recognition = await recognised(inter);
    expect(recognition).toMatchObject({
      columns: ['user_id', 'item_id', 'rating', 'timestamp'],
      format: { format: 'long', rows: { header: true }, user: 0, item: 1, time: 3, timeUnit: 'seconds' },
    });
    const names = await recognised('item_id:token\ttitle:token_seq\ni1\tOne two\n', { format: 'names' });
    expect(names).toMatchObject({ columns: ['item_id', 'title'], format: { item: 0, name: 1, rows: { header: true } } });
  });
});

describe('times', () => {
  it.each([
    ['microseconds', (i: number) => String((START + i) * 1e6)],
    ['nanoseconds', (i: number) => `${START + i}000000000`],
    ['days', (i: number) => String(15_711 + i)],
  ])('tells %s', async (unit, time) => {
    const text = `user,item,date\n${lines(20, (i) => `u${i % 3},i${i},${time(i)}`)}`;
    expect((await recognised(text)).format).toMatchObject({ time: 2, timeUnit: unit });
  });

  it.each([
    ['days that come again', 'days', (i: number) => 18_726 + (i % 15)],
    ['days with gaps', 'days', (i: number) => 18_726 + 3 * i],
    ['the first and the last day', 'days', (i: number) => (i === 0 ? 10_957 : 25_567)],
    ['a count of rows', 'number', (i: number) => 11_000 + i],
    ['a count of rows that were shuffled', 'number', (i: number) => 11_000 + ((7 * i) % 20)],
    ['a value before 2000', 'number', (i: number) => (i === 7 ? 10_956 : 18_726 + 3 * i)],
    ['a value after 2040', 'number', (i: number) => (i === 7 ? 25_568 : 18_726 + 3 * i)],
    ['a value that is no whole number', 'number', (i: number) => 18_726.5 + 3 * i],
  ])('tells days by themselves: %s', async (_what, timeUnit, time) => {
    const rows = lines(20, (i) => `u${i % 3},i${i},${time(i)}`);
    expect((await recognised(`user,item,time\n${rows}`)).format).toMatchObject({ time: 2, timeUnit });
  });

  it('tells days without a header, and in sequences', async () => {
    const rows = lines(60, (i) => `u${i % 3},i${i},${18_726 + (i % 15)}`);
    expect((await recognised(rows)).format).toMatchObject({ time: 2, timeUnit: 'days', rows: { header: false } });
    const sequences = lines(20, (i) => `u${i} i${i % 7}:${18_726 + i} i${i % 5}:${18_800 + i} i${i % 3}:${18_900 + i}`);
    expect((await recognised(sequences, { format: 'sequences' })).format).toMatchObject({
      format: 'sequences',
      pair: ':',
      timeUnit: 'days',
    });
  });

  const dated = (date: (day: number) => string) => `user,item,date\n${lines(20, (i) => `u${i % 3},i${i},${date(i + 1)}`)}`;
  it.each([
    ['day-month-year', (day: number) => `${day}.04.2021`],
    ['day-month-year', (day: number) => `${day}/04/2021 10:30`],
    ['month-day-year', (day: number) => `04/${day}/2021`],
    // All of them could be either.
    ['iso', (day: number) => `04/0${1 + (day % 9)}/2021`],
    // The 31st of April decides nothing.
    ['day-month-year', (day: number) => `${day + 11}/04/2021`],
    // They contradict each other.
    ['iso', (day: number) => (day > 15 ? `${day}/04/2021` : `04/${day}/2021`)],
    ['iso', (day: number) => `${day} April`],
  ])('tells dates by their parts: %s', async (unit, date) => {
    expect((await recognised(dated(date))).format).toMatchObject({ time: 2, timeUnit: unit, rows: { header: true } });
  });

  it('are read as they are written, and refused in words where that does not say the day', async () => {
    const days = dated((day) => `${21 - day}.04.2021`);
    const { format } = await recognised(days);
    const log = await readBoth(file(days), file(days));
    const { time } = wholeLog(log.source);
    expect(format).toMatchObject({ timeUnit: 'day-month-year' });
    expect(new Date(time?.[0] ?? 0).toISOString()).toBe('2021-04-20T00:00:00.000Z');
    const unclear = file(dated(() => '04/05/2021'));
    await expect(readBoth(unclear, unclear)).rejects.toThrow(
      /line 2 .*“04\/05\/2021” does not say which is the day.*like 2013-01-31/,
    );
    const both = file(dated((day) => (day % 2 ? '13/04/2021' : '04/13/2021')));
    await expect(readBoth(both, both)).rejects.toMatchObject({
      rows: expect.arrayContaining([
        { line: 2, what: expect.stringContaining('“13/04/2021” has the day first; choose “day, month, year” if all dates') },
        { line: 3, what: expect.stringContaining('“04/13/2021” has the month first') },
      ]),
    });
  });

  it.each([
    ['iso', (day: number) => `2021-04-${9 + day}`],
    ['day-month-year', (day: number) => `${day + 5}.04.2021`],
    ['seconds', (day: number) => (day % 3 ? `${START + day}` : '2021-04-01')],
  ])('are what most of them are, even where some are 0: %s', async (unit, date) => {
    expect((await recognised(dated((day) => (day % 7 === 0 ? '0' : date(day))))).format).toMatchObject({
      time: 2,
      timeUnit: unit,
    });
  });
});

describe('JSON Lines', () => {
  const json = ROWS.map(
    (row, i) => `${JSON.stringify({ who: { user: row.user }, item: row.item, time: row.time, tags: [i] })}\n`,
  );

  it('are known by their objects, inner ones opened by one step', async () => {
    const recognition = await recognised(json.join(''));
    expect(recognition).toMatchObject({
      columns: ['who.user', 'item', 'time', 'tags'],
      format: { format: 'long', rows: { kind: 'json-lines' }, user: 0, item: 1, time: 2, timeUnit: 'seconds' },
    });
    expect(events(await readBoth(file(json.join('')), csvFile()))).toEqual(EVENTS);
    expect(events(await readBoth(file(new Uint8Array(gzipSync(json.join('')))), csvFile()))).toEqual(EVENTS);
  });

  it('have no ids that JSON rounds', async () => {
    const text = `${json.join('')}{"who":{"user":9007199254740993},"item":"x","time":1357430400}\n{"who":{"user":"u"},"item":-1e300,"time":1}\n`;
    await expect(readBoth(file(text), csvFile())).rejects.toMatchObject({
      rows: [
        { line: 41, what: expect.stringMatching(/“who.user” is a number beyond 9007199254740991.*in quotes/) },
        { line: 42, what: expect.stringContaining('“item” is a number beyond') },
      ],
    });
    expect(events(await readBoth(file(text), csvFile(), true))).toEqual(EVENTS);
  });

  it('name line and field of what cannot be used', async () => {
    const text = `${json.join('')}{"who":\n[1]\n{"who":{"user":"u"},"item":["a","b"],"time":1357430400}\n{"item":"x","time":1}\n`;
    const bad = readBoth(file(text), csvFile());
    await expect(bad).rejects.toThrow(/4 rows cannot be used: line 41 is no JSON .*; line 42 is JSON, but no object/);
    await expect(bad).rejects.toMatchObject({
      rows: [
        {},
        {},
        { line: 43, what: expect.stringContaining('“item” is a list') },
        { what: expect.stringContaining('user is empty') },
      ],
    });
    expect(events(await readBoth(file(text), csvFile(), true))).toEqual(EVENTS);
  });

  it.each([
    ['a list of objects', JSON.stringify(ROWS)],
    ['one object over many lines', JSON.stringify({ user: 'u', item: 'i' }, null, 2)],
  ])('are not %s, which is refused', async (_name, text) => {
    await expect(recognised(text)).rejects.toThrow(/is JSON, but not JSON Lines: expected one whole object on each line/);
  });

  it('have no user who is the same in every line, unless nothing else could be one', async () => {
    const shop = (user: object) => lines(40, (i) => JSON.stringify({ session: 'web', ...user, item: `i${i % 7}`, stars: i % 5 }));
    const of = async (text: string) => (await recognised(text)).format;
    expect(await of(shop({}))).toMatchObject({ user: 0, item: 1 });
    expect(await of(lines(40, (i) => JSON.stringify({ session: 'web', uid: `u${i % 3}`, item: 'i' })))).toMatchObject({
      user: 1,
    });
    const people = lines(40, (i) => JSON.stringify({ app: 'web', who: `u${i % 12}`, item: `i${i % 7}` }));
    expect(await of(people)).toMatchObject({ user: 1, item: 2 });
    expect(await of(lines(40, (i) => `web,u${i % 12},i${i},${START + i}`))).toMatchObject({ user: 1, item: 2, time: 3 });
    // The first rows are all of one user.
    const heavy = lines(900, (i) => `u${Math.floor(i / 600)},i${i % 50},x${i % 30},${START + i}`);
    expect(await of(heavy)).toMatchObject({ user: 0, item: 1 });
    expect(await of(lines(40, (i) => `u${i % 12},click,i${i},${START + i}`))).toMatchObject({ user: 0, item: 2, time: 3 });
  });

  it.each<[string, (i: number) => readonly (string | number)[], object]>([
    ['site,product,price,timestamp', (i) => ['shop', `p${i % 15}`, 1.5 + (i % 12), START + i], { user: 0, item: 1, time: 3 }],
    ['site,product,price,timestamp', (i) => ['shop', `p${i % 15}`, 1 + (i % 12), START + i], { user: 0, item: 1, time: 3 }],
    ['user,item,price,timestamp', (i) => ['u1', `i${i % 15}`, 1 + (i % 12), START + i], { user: 0, item: 1, time: 3 }],
    ['app,event_id,who,item,ts', (i) => ['web', i, `u${i % 12}`, `i${i % 15}`, START + i], { user: 2, item: 3, time: 4 }],
    ['tenant,row,who,thing,ts', (i) => ['acme', i, `u${i % 12}`, `t${i % 15}`, START + i], { user: 2, item: 3, time: 4 }],
    ['', (i) => ['web', 5 - (i % 2), `u${i % 12}`, `i${i % 15}`, START + i], { user: 2, item: 3, time: 4 }],
  ])('are no prices, ratings or numbers of rows: %s', async (header, row, expected) => {
    const text = (header === '' ? '' : `${header}\n`) + lines(40, (i) => row(i).join(','));
    expect((await recognised(text)).format).toMatchObject(expected);
  });

  it('stay as they are called where nothing further on can be looked at', async () => {
    // Lines that only a carriage return ends are not told apart in the middle of a file.
    const rows = range(60_000, (i) => `u${Math.floor(i / 500)},i${i % 50},x${i % 30}\r`).join('');
    expect(rows.length).toBeGreaterThan(600_000);
    expect((await recognised(rows)).format).toMatchObject({ user: 0, item: 1 });
  });

  it('ask no prototype', async () => {
    const text = lines(20, (i) => `{"user":"u${i % 4}","item":"i${i}","__proto__":{"item":"bad"},"constructor":1}`);
    expect(events(await readBoth(file(text), csvFile()))[3]).toBe('u3 i3');
  });
});

describe('Parquet', () => {
  it('is read a group of rows after the other, also within gzip', async () => {
    const recognition = await recognised(PARQUET);
    expect(recognition).toMatchObject({
      columns: ['user_id', 'item_id', 'timestamp'],
      format: { format: 'long', rows: { kind: 'parquet' }, user: 0, item: 1, time: 2, timeUnit: 'seconds' },
    });
    expect(recognition.preview).toHaveLength(40);
    expect(events(await readBoth(file(PARQUET), csvFile()))).toEqual(EVENTS);
    expect(events(await readBoth(file(new Uint8Array(gzipSync(PARQUET))), csvFile()))).toEqual(EVENTS);
  });

  it('says itself what is a time', async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'a', data: column('user') },
          { name: 'b', data: column('item') },
          { name: 'c', data: column('time').map((time) => new Date(time * 1000)) },
        ],
        schema: [
          { name: 'root', num_children: 3 },
          { name: 'a', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
          { name: 'b', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
          {
            name: 'c',
            type: 'INT64',
            repetition_type: 'OPTIONAL',
            logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
          },
        ],
      }),
    );
    expect((await recognised(bytes)).format).toMatchObject({ user: 0, item: 1, time: 2, timeUnit: 'microseconds' });
    expect(events(await readBoth(file(bytes), csvFile()))[0]).toBe(`u0 i0 ${START * 1e6}`);
  });

  it('names row and column of what cannot be used; numbers are ids, too', async () => {
    const bytes = parquet([
      { name: 'user', data: [7, 8, null], type: 'INT32' },
      { name: 'item', data: [1n, 2n, 3n], type: 'INT64' },
      { name: 'tags', data: [['x'], ['y'], []], type: 'JSON' },
    ]);
    await expect(readBoth(file(bytes), csvFile())).rejects.toThrow(/row 3 column “user”: the user is empty/);
    expect(events(await readBoth(file(bytes), csvFile(), true))).toEqual(['7 1', '8 2']);
  });

  it('that is cut off or lies is refused in a sentence, whatever byte is wrong', async () => {
    for (let cut = 4; cut < PARQUET.length; cut += 97)
      await expect(recognised(PARQUET.subarray(0, cut))).rejects.toThrow(/is a Parquet file that cannot be read/);
    const wrong: string[] = [];
    for (let at = 4; at < PARQUET.length; at++) {
      const changed = Uint8Array.from(PARQUET);
      changed[at] ^= 0xff;
      try {
        await readBoth(file(changed, 'lies', 1 << 20), csvFile(), true);
      } catch (error) {
        if (!(error instanceof Error) || !/ImportError|BadRowsError/.test(error.name)) wrong.push(`${at}: ${error}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('sequences', () => {
  const users = range(12, (u) => ({ user: `u${u}`, items: range(2 + ((u * 5) % 7), (i) => `i${(u + i) % 9}`) }));
  const plain = users.flatMap(({ user, items }) => items.map((item) => `${user} ${item}`));

  it.each([
    ['spaces', ' ', ' '],
    ['tabs after the user', '\t', ' '],
    ['commas', ',', ','],
  ])('with users are told apart by %s', async (_name, first, between) => {
    const text = users.map(({ user, items }) => `${user}${first}${items.join(between)}\n`).join('');
    expect((await recognised(text)).format).toMatchObject({ format: 'sequences', hasUser: true, pair: null });
    const reading = await readBoth(file(text), csvFile());
    expect(events(reading)).toEqual(plain);
    expect(reading.timed).toBe(true);
  });

  it('without users are called by their lines, the same in both files', async () => {
    const text = users.map(({ items }) => `${items.join(',')}\n`).join('');
    const { format } = await recognised(text);
    expect(format).toMatchObject({ format: 'sequences', separator: ',', hasUser: false });
    const reading = await readBoth(file(text), file(text));
    expect(reading.users).toEqual(range(12, (u) => `line-${u + 1}`));
  });

  it.each(['|', ':'])('may have a time after each item and %s', async (pair) => {
    const text = users
      .map(({ user, items }, u) => `${user} ${items.map((item, i) => `${item}${pair}${START + 10 * u + i}`).join(' ')}\n`)
      .join('');
    expect((await recognised(text)).format).toMatchObject({ format: 'sequences', hasUser: true, pair, timeUnit: 'seconds' });
    expect(events(await readBoth(file(text), csvFile()))[0]).toBe(`u0 i0 ${START}`);
    const bad = `${text}u99 i1${pair}soon\nu98\n`;
    await expect(readBoth(file(bad), csvFile())).rejects.toThrow(
      /line 13 item 1: “soon” is no time.*line 14 has a user but no items/,
    );
    // Lines, not items.
    await expect(readBoth(file(bad), csvFile())).rejects.toMatchObject({ good: 12 });
  });

  it('are no prose, and no table with one odd row', async () => {
    const prose =
      'This is a dataset of clicks, as we found it.\nIt has users, items and times.\nUse it, but cite us, please.\nThanks!\n';
    expect(
      await recognised(prose).then(
        ({ format }) => format.format,
        () => 'refused',
      ),
    ).not.toBe('sequences');
    const odd = ROWS.map(({ user, item, time }) => `${user} ${item} ${time}`).join('\n');
    expect((await recognised(`${odd}\nu1 i1\n`)).format.format).toBe('long');
  });
});

describe('Windows-1252', () => {
  const windows = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

  it('is said of a file whose beginning shows it, and of no other', async () => {
    const text = `Benutzer;Artikel;Zeit\r\n${lines(30, (i) => `Jörg ${i % 4};Bücher ${i};${START + i}`)}`;
    const read = await recognised(windows(text));
    expect(read.isWindows1252).toBe(true);
    expect(read.preview[0]).toEqual(['Jörg 0', 'Bücher 0', String(START)]);
    expect((await recognised(text)).isWindows1252).toBe(false);
    expect((await recognised(windows(csv))).isWindows1252).toBe(false);
  });

  it('is said once the file is read, where it only shows far on', async () => {
    const long = lines(20_000, (i) => `user-${i % 90},item-${i % 70},${START + i}`);
    const late = file(windows(`${long}Jörg,Bücher,${START}`), 'late.csv', 4096);
    const { format, isWindows1252 } = await recognise(late);
    expect(isWindows1252).toBe(false);
    const notes: string[] = [];
    const target = { file: csvFile(), format: (await recognise(csvFile())).format };
    // Their users are others: what is looked at is the source.
    const read = await readFiles({ file: late, format }, target, { skipBadRows: false, onNote: (note) => notes.push(note) });
    expect(read.source.itemIds.at(-1)).toBe('Bücher');
    expect(notes).toEqual(['late.csv was read as Windows-1252, because it is not UTF-8: look whether names are right.']);
  });

  it('is read of domains anywhere in a large file', async () => {
    const rows = lines(40_000, (i) => `user-${i % 90},item-${i % 70}-${i % 2},${i % 2 === 0 ? 'Bücher' : 'Möbel und Geräte'}`);
    const { format } = await recognised(windows(`user,item,category\n${rows}`), { format: 'domains' });
    expect(format).toMatchObject({ source: 'Bücher', target: 'Möbel und Geräte' });
  });
});

describe('both domains in one file', () => {
  const rows = (order: (i: number) => number) =>
    `uid,iid,kind,when\n${range(60, order)
      .map((i) => `u${i % 7},${i % 3 ? 'm' : 'b'}${i % 10},${i % 3 ? 'music' : 'books'},${START + i}\n`)
      .join('')}`;

  it('show by a column that parts the items and shares the users', async () => {
    const both = file(rows((i) => i));
    const { format } = await recognise(both);
    expect(format).toMatchObject({ format: 'domains', user: 0, item: 1, domain: 2, source: 'music', target: 'books', time: 3 });
    const reading = await readFiles({ file: both, format }, { file: both, format }, { skipBadRows: false });
    expect(reading).toMatchObject({ files: ['file.csv'], timed: true, task: 'ranking' });
    expect([reading.source.length, reading.target.length]).toEqual([40, 20]);
    expect(reading.target.itemIds[0]).toBe('b0');
  });

  it('are found by the column’s name where one domain comes after the other', async () => {
    const text = `user,item,domain\n${lines(60_000, (i) => `u${i % 60},${i < 50_000 ? `m${i % 90}` : `b${i % 50}`},${i < 50_000 ? 'music' : 'books'}`)}`;
    expect((await recognised(text)).format).toMatchObject({ format: 'domains', source: 'music', target: 'books' });
    expect((await recognised(new Uint8Array(gzipSync(text)))).format).toMatchObject({ source: 'music', target: 'books' });
  });

  it('are not what a column of ratings or genders says', async () => {
    const rated = `user,item,liked\n${lines(60, (i) => `u${i % 6},i${i % 7},${i % 2 ? 'yes' : 'no'}`)}`;
    expect((await recognised(rated)).format.format).toBe('long');
    const gendered = `user,item,sex\n${lines(60, (i) => `u${i % 6},i${(i % 2) + 2 * (i % 7)},${i % 2 ? 'f' : 'm'}`)}`;
    expect((await recognised(gendered)).format.format).toBe('long');
  });

  it('leave out rows of others, and say so', async () => {
    const text = `${rows((i) => i)}u1,x,films,1\nu2,x,,2\n`;
    const both = file(text);
    const { format } = await recognise(file(rows((i) => i)));
    const told: string[] = [];
    const onSkipped = (sentence: string) => told.push(sentence);
    await readFiles({ file: both, format }, { file: both, format }, { skipBadRows: false, onSkipped });
    expect(told).toEqual(['2 rows of file.csv were left out: of other domains than “music” and “books”, such as “films”, none.']);
  });

  it('without rows of one of them, or without a column, get a sentence', async () => {
    const both = file(rows((i) => i));
    const { format } = await recognise(both);
    if (format.format !== 'domains') throw new Error(format.format);
    const wrong = { file: both, format: { ...format, target: 'films' } };
    await expect(readFiles(wrong, wrong, { skipBadRows: false })).rejects.toThrow(
      /has no rows of the domain “films”.*also has “books”/,
    );
    await expect(recognised('u1,i1\nu2,i2\n', { format: 'domains' })).rejects.toThrow(/no column that could name two domains/);
  });
});

describe('reading that is stopped', () => {
  it.each([
    ['text', csv],
    ['gzip', new Uint8Array(gzipSync(csv))],
    ['JSON Lines', ROWS.map((row) => `${JSON.stringify(row)}\n`).join('')],
    ['Parquet', PARQUET],
    ['sequences', lines(20, (i) => `u${i} ${'i1 '.repeat(1 + (i % 5))}i2`)],
  ])('ends with the error of who stopped it: %s', async (_name, content) => {
    class Stopped extends Error {}
    const source = file(content);
    const { format } = await recognise(source);
    const onBytes = () => {
      throw new Stopped();
    };
    const entry = { file: source, format };
    await expect(readFiles(entry, entry, { skipBadRows: true, onBytes })).rejects.toThrow(Stopped);
    const turn = async () => {
      throw new Stopped();
    };
    await expect(readFiles(entry, entry, { skipBadRows: true, blockBytes: 64, turn })).rejects.toThrow(Stopped);
  });
});
