import { brotliCompressSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { RandomStream } from '../../src/data/random.ts';
import { type FuzzFile, textFile } from './files.ts';

/** Makes the files of a dataset. */
type Maker = (random: RandomStream) => FuzzFile[];

const USERS = 12;
const START = 1_357_430_400;

interface Event {
  readonly user: string;
  readonly item: string;
  readonly time: number;
}

const range = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const oneOf = <T>(random: RandomStream, values: readonly T[]): T => values[random.integer(values.length)];

/** Interactions of all users with some items of a domain. */
const eventsOf = (random: RandomStream, prefix: string, each: number): Event[] =>
  range(USERS * each, (i) => ({
    user: `u${i % USERS}`,
    item: `${prefix}${random.integer(9)}`,
    time: START + 60 * i + random.integer(60),
  }));

/** A file of each domain. */
const pair =
  (ending: string, file: (events: readonly Event[], random: RandomStream) => FuzzFile['bytes'] | string): Maker =>
  (random) =>
    (['music', 'books'] as const).map((name) => {
      const contents = file(eventsOf(random, name[0], name === 'music' ? 6 : 3), random);
      return typeof contents === 'string' ? textFile(name + ending, contents) : { name: name + ending, bytes: contents };
    });

const table = (rows: readonly (readonly (string | number)[])[], separator: string, end = '\n'): string =>
  rows.map((row) => row.join(separator) + end).join('');

/** One interaction a row. */
export const long = (separator: string, header: readonly string[] | null, end = '\n'): Maker =>
  pair('.csv', (events) => {
    const rows = events.map(({ user, item, time }) => [user, item, time]);
    return table(header === null ? rows : [header, ...rows], separator, end);
  });

export const HEADER = ['user_id', 'item_id', 'timestamp'];
export const TYPED_HEADER = ['user_id:token', 'item_id:token', 'timestamp:float'];

export const jsonLines: Maker = pair('.jsonl', (events) =>
  events.map(({ user, item, time }, i) => `${JSON.stringify({ who: { user }, item, time, tags: [i] })}\n`).join(''),
);

const packers = {
  GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)),
  BROTLI: (bytes: Uint8Array) => new Uint8Array(brotliCompressSync(bytes)),
};

/** Columns of several types, codecs and encodings, in several groups and pages. */
export const parquet: Maker = pair('.parquet', (events, random) => {
  const times = oneOf(random, [
    { type: 'INT64' as const, data: events.map(({ time }) => BigInt(time)), encoding: 'DELTA_BINARY_PACKED' as const },
    { type: 'INT64' as const, data: events.map(({ time }) => BigInt(time)) },
    { type: 'DOUBLE' as const, data: events.map(({ time }) => time) },
    { type: 'TIMESTAMP' as const, data: events.map(({ time }) => new Date(1000 * time)) },
  ]);
  const written = parquetWriteBuffer({
    columnData: [
      { name: 'user_id', type: 'STRING', data: events.map(({ user }) => user), nullable: random.integer(2) === 0 },
      { name: 'item_id', type: 'STRING', data: events.map(({ item }) => item) },
      { name: 'timestamp', ...times },
      { name: 'liked', type: 'BOOLEAN', data: events.map((_, i) => i % 3 > 0) },
      { name: 'tags', type: 'JSON', data: events.map((_, i) => [i]) },
    ],
    codec: oneOf(random, ['SNAPPY', 'UNCOMPRESSED', 'GZIP', 'BROTLI']),
    compressors: packers,
    rowGroupSize: oneOf(random, [10, 30, 1000]),
    pageSize: oneOf(random, [64, 1 << 20]),
  });
  return new Uint8Array(written);
});

/** A user’s items on each line, with the user in front or not, each with a time or not. */
export const sequences = (hasUser: boolean, isTimed: boolean): Maker =>
  pair('.txt', (events) =>
    range(USERS, (u) => {
      const own = events.filter((_, i) => i % USERS === u).slice(u % 2);
      const items = own.map(({ item, time }) => (isTimed ? `${item}:${time}` : item));
      // All users began with the same item: it is none of their names.
      return `${[hasUser ? `u${u}` : 'x', ...items].join(' ')}\n`;
    }).join(''),
  );

/** Both domains in one file. */
export const domains: Maker = (random) => {
  const rows = (['music', 'books'] as const).flatMap((domain) =>
    eventsOf(random, domain[0], 5).map(({ user, item, time }) => [user, item, domain, time]),
  );
  return [textFile('both.csv', table([['user', 'item', 'domain', 'time'], ...rows], ','))];
};

export const gzipped =
  (files: Maker): Maker =>
  (random) =>
    files(random).map(({ name, bytes }) => ({ name: `${name}.gz`, bytes: new Uint8Array(gzipSync(bytes)) }));

export const zipped =
  (files: Maker): Maker =>
  (random) => {
    const packed = Object.fromEntries(files(random).map(({ name, bytes }) => [`data/${name}`, bytes]));
    // With its date of today a file would be another one each time.
    const bytes = zipSync(packed, { level: oneOf(random, [0, 6] as const), mtime: '2020-01-01' });
    return [{ name: 'data.zip', bytes: new Uint8Array(bytes) }];
  };

/** The release's pair. */
export const lines: Maker = (random) => {
  const sequence = () => ['0', '0', ...range(6, () => `m${random.integer(12)}`)].join(',');
  const targets = () => range(2, () => `b${random.integer(5)}`).join(',');
  return [
    textFile('pre.csv', range(USERS, sequence).join('\n')),
    textFile('fine.csv', range(USERS, () => `${sequence()},,${targets()}`).join('\n')),
  ];
};

const users = range(USERS, (i) => `u${i}`);

/** Interactions and one label a user. */
export const labels: Maker = (random) => {
  const rows = users.map((user) => [user, random.integer(2) === 0 ? 'young' : 'old']);
  return [textFile('ages.csv', table([['user', 'age'], ...rows], ',')), long(',', HEADER)(random)[0]];
};

/** Names of items and attributes of users, beside two files in long format. */
export const supplements: Maker = (random) => {
  const names = range(9, (i) => [`m${i}`, `"Song, the ${i}th"`]);
  const attributes = users.map((user) => [user, 20 + random.integer(40), random.integer(2) === 0 ? 'f' : 'm']);
  return [
    textFile('names.csv', table([['item_id', 'title'], ...names], ',')),
    textFile('people.csv', table([['user_id', 'age', 'gender'], ...attributes], ',')),
    ...long(',', HEADER)(random),
  ];
};

/** A format that was corrected by hand, as a workspace brings it along, beside two files that it is for. */
export const mapping: Maker = (random) => {
  const files = oneOf(random, [long(',', HEADER), long('::', null), jsonLines, parquet, sequences(true, true)])(random);
  const rows = oneOf(random, [
    { kind: 'delimited', separator: ',', header: true, width: 3 },
    { kind: 'delimited', separator: '::', header: false, width: 3 },
    { kind: 'json-lines', fields: ['who.user', 'item', 'time', 'tags'] },
    { kind: 'parquet', fields: ['user_id', 'item_id', 'timestamp', 'liked', 'tags'] },
  ]);
  const events = { rows, user: 1, item: 0, time: oneOf(random, [null, 2]), timeUnit: 'seconds', isOrdered: true };
  const format = oneOf(random, [
    { format: 'long', ...events },
    { format: 'labels', ...events },
    { format: 'domains', ...events, domain: 2, source: 'music', target: 'books' },
    { format: 'sequences', separator: ' ', hasUser: false, pair: ':', timeUnit: 'seconds' },
    { format: 'names', rows, item: 1, name: 0 },
    { format: 'attributes', rows, user: 1 },
    { format: 'pretraining-lines' },
  ]);
  return [textFile('mapping.json', JSON.stringify(format)), ...files];
};
