import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventLog, Vocabulary, wholeLog } from '../events.ts';
import type { DomainsFormat, LongFormat } from './format.ts';
import { parseDomains, parseLines, parseLong } from './parse.ts';
import { file } from './testFile.ts';

/** UTF-16 is always read as text: the same content in UTF-8 has to come to the same. */
const utf16 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length + 2);
  const view = new DataView(bytes.buffer);
  [0xfeff, ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))].forEach((code, i) => {
    view.setUint16(2 * i, code, true);
  });
  return bytes;
};
const events = (log: EventLog) => ({ itemIds: log.itemIds, ...wholeLog(log) });
const settled = async <T>(work: Promise<T>): Promise<T | string> =>
  work.catch((error: Error) => `${error.name}: ${error.message}`);

/** How Windows-1252 writes the few letters beyond ASCII that are used here. */
const WINDOWS: Readonly<Record<string, number>> = { ü: 0xfc, é: 0xe9, ß: 0xdf, '€': 0x80, Ÿ: 0x9f, '\u00a0': 0xa0 };
const windows1252 = (text: string): Uint8Array => Uint8Array.from(text, (sign) => WINDOWS[sign] ?? sign.charCodeAt(0));

/** Mostly what files hold; now and then what they should not. */
const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: rare });
const id = often(
  fc.constantFrom('u1', 'u2', 'a', 'b', '7', '0', '12'),
  fc.constantFrom(
    '',
    ' u1 ',
    'é',
    '\u00a0x\u00a0',
    '"u1"',
    '"a,b"',
    '"two\nlines"',
    'x"y',
    '\u2028',
    '\u001f',
    '\u000b7',
    '日本',
  ),
);
const time = often(
  fc.integer({ min: 0, max: 2_000_000_000 }).map(String),
  fc.constantFrom(
    '',
    'soon',
    '-5',
    '1.5',
    ' 12 ',
    '1e3',
    '0012',
    '999999999999',
    '9007199254740993',
    '0x10',
    '1357430400000',
    '2013-01-06',
  ),
);
const lineEnd = often(fc.constant('\n'), fc.constantFrom('\r\n', '\r', '\n\n', '\n \n', ',\n'));
const block = { blockBytes: 64 };

it.each(['\n', '\r\n', '\r'])('lines end with %j, in whatever pieces they come', async (end) => {
  const lines = (all: readonly string[]) => all.map((line) => line + end).join('');
  const pretraining = lines(['0,a,b', '', '0,c', 'only,a']);
  const finetuning = lines(['0,a,,x', '0,b,,y,z']);
  for (const piece of [1, 3, 1000]) {
    const pair = [pretraining, finetuning].map((text) => [utf16(text), text].map((content) => file(content, 'f', piece)));
    for (const of of [0, 1]) {
      const reading = await parseLines(pair[0][of], pair[1][of], { skipBadRows: false });
      expect(reading.users).toEqual(['pretraining-line-1', 'pretraining-line-3', 'pretraining-line-4', 'line-1', 'line-2']);
      expect(events(reading.source).itemIds).toEqual(['a', 'b', 'c', 'only']);
      expect(events(reading.target).itemIds).toEqual(['x', 'y', 'z']);
    }
  }
});

describe('bytes', () => {
  it('of a table come to what its text comes to', async () => {
    const row = fc.tuple(id, id, time, lineEnd).map(([user, item, when, end]) => `${user},${item},${when}${end}`);
    const text = fc.tuple(fc.boolean(), fc.array(row, { minLength: 1, maxLength: 40 }), fc.boolean());
    const format = fc.record({
      format: fc.constant('long' as const),
      rows: fc.record({
        kind: fc.constant('delimited' as const),
        separator: fc.constantFrom(',', ';', '|', '::', '\u0001'),
        header: fc.boolean(),
        width: often(fc.constant(3), fc.constantFrom(2, 4)),
      }),
      user: fc.constantFrom(0, 1),
      item: fc.constantFrom(1, 0),
      time: often(fc.constant<number | null>(2), fc.constant(null)),
      timeUnit: fc.constantFrom('seconds' as const, 'number' as const, 'iso' as const, 'day-month-year' as const),
      isOrdered: fc.constant(false),
    });
    await fc.assert(
      fc.asyncProperty(text, format, fc.boolean(), async ([hasMark, rows, isCut], chosen, skipBadRows) => {
        const whole = `${rows.join('').replaceAll(',', chosen.rows.separator)}`;
        const content = isCut ? whole.trimEnd() : whole;
        const read = async (bytes: Uint8Array) => {
          const users = new Vocabulary();
          const log = await parseLong(file(bytes, 'f', 13), chosen satisfies LongFormat, users, { skipBadRows, ...block });
          return { users: users.names, ...events(log) };
        };
        const marked = new TextEncoder().encode(hasMark ? `\uFEFF${content}` : content);
        // An empty file is told in other words than an empty one with a mark.
        fc.pre(marked.length > 0);
        expect(await settled(read(marked))).toEqual(await settled(read(utf16(content))));
      }),
      { numRuns: 300 },
    );
  });

  it('of Windows-1252 come to what its text comes to, in whatever pieces they come, and it is said', async () => {
    const word = fc.constantFrom('u1', 'Bücher', 'é', 'Maß', '5 €', 'Ÿ', '"ü,b"', 'x\u00a0y', '\u00a0u1');
    const row = fc.tuple(word, word, fc.nat(9), lineEnd).map(([user, item, when, end]) => `${user},${item},${when}${end}`);
    const table: LongFormat = {
      format: 'long',
      rows: { kind: 'delimited', separator: ',', header: false, width: 3 },
      user: 0,
      item: 1,
      time: 2,
      timeUnit: 'number',
      isOrdered: false,
    };
    const rows = fc.array(row, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 20 }), fc.boolean(), async (lines, piece, isCut) => {
        const text = isCut ? lines.join('').trimEnd() : lines.join('');
        const notes: string[] = [];
        const read = async (bytes: Uint8Array) => {
          const users = new Vocabulary();
          const options = { skipBadRows: true, onNote: (note: string) => notes.push(note), ...block };
          return { ...events(await parseLong(file(bytes, 'f', piece), table, users, options)), users: users.names };
        };
        const pair = async (encode: (text: string) => Uint8Array) => {
          const options = { skipBadRows: true, ...block };
          const read = await parseLines(file(encode(text), 'f', piece), file(encode('5,é,,ü\n'), 'g', piece), options);
          return { users: read.users, source: events(read.source), target: events(read.target) };
        };
        const utf8 = (text: string) => new TextEncoder().encode(text);
        expect(await settled(read(windows1252(text)))).toEqual(await settled(read(utf8(text))));
        expect(notes).toHaveLength(/[^\0-\x7f]/.test(text) ? 1 : 0);
        expect(await settled(pair(windows1252))).toEqual(await settled(pair(utf8)));
      }),
      { numRuns: 200 },
    );
  });

  it('of both domains in one table come to what their text comes to', async () => {
    const domain = often(fc.constantFrom('a', 'b'), fc.constantFrom('', ' a ', 'c', 'é', '"b"', 'ab'));
    const row = fc
      .tuple(domain, id, id, time, lineEnd)
      .map(([of, user, item, when, end]) => `${of},${user},${item},${when}${end}`);
    const format: DomainsFormat = {
      format: 'domains',
      rows: { kind: 'delimited', separator: ',', header: false, width: 4 },
      domain: 0,
      user: 1,
      item: 2,
      time: 3,
      timeUnit: 'seconds',
      isOrdered: false,
      source: 'a',
      target: 'b',
    };
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const read = async (bytes: Uint8Array) => {
          const users = new Vocabulary();
          const { source, target } = await parseDomains(file(bytes, 'f', 13), format, users, { skipBadRows: true, ...block });
          return { users: users.names, source: events(source), target: events(target) };
        };
        const text = rows.join('');
        expect(await settled(read(new TextEncoder().encode(text)))).toEqual(await settled(read(utf16(text))));
      }),
      { numRuns: 300 },
    );
  });

  it('of the release’s pair come to what its text comes to', async () => {
    const word = often(
      fc.constantFrom('a', 'b', '17', '0', '0', '3'),
      fc.constantFrom('', ' 0 ', ' a', 'é', '\u00a0a', '00', '日本'),
    );
    const words = fc.array(word, { maxLength: 6 }).map((all) => all.join(','));
    const pretraining = fc.array(
      fc.tuple(words, lineEnd).map(([all, end]) => all + end),
      { minLength: 1, maxLength: 12 },
    );
    const join = often(fc.constant(',,'), fc.constantFrom(',', ',,,', ',,,,', ' ,, '));
    const fine = fc.array(
      fc.tuple(words, join, words, lineEnd).map(([first, middle, second, end]) => first + middle + second + end),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(pretraining, fine, fc.boolean(), async (first, second, skipBadRows) => {
        const read = async (encode: (text: string) => Uint8Array) => {
          const [source, target] = [first, second].map((lines, i) => file(encode(lines.join('')), `f${i}`, 11));
          const pair = await parseLines(source, target, { skipBadRows, ...block });
          return { ...pair, source: events(pair.source), target: events(pair.target) };
        };
        expect(await settled(read((text) => new TextEncoder().encode(text)))).toEqual(await settled(read(utf16)));
      }),
      { numRuns: 300 },
    );
  });

  it('that are no text are refused wherever they stand', async () => {
    const good = 'u1,i1,5\n'.repeat(50);
    const format: LongFormat = {
      format: 'long',
      rows: { kind: 'delimited', separator: ',', header: false, width: 3 },
      user: 0,
      item: 1,
      time: 2,
      timeUnit: 'number',
      isOrdered: false,
    };
    for (const bad of [[0xe9, 0x90], [0], [0xe9, 0x1b], [0x8d]]) {
      const bytes = Uint8Array.from([...new TextEncoder().encode(good), ...bad]);
      await expect(parseLong(file(bytes), format, new Vocabulary(), { skipBadRows: false, ...block })).rejects.toThrow(
        /is a binary file/,
      );
    }
  });
});
