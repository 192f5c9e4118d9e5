import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { NO_FILTERS } from '../src/data/prepare.ts';
import { type DataWords, filesOfWords } from './data.ts';
import { checkFiles, openDataset } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'studio-cli-'));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const rows = (prefix: string) => Array.from({ length: 60 }, (_, i) => ({ user: `u${i % 9}`, item: `${prefix}${i % 7}` }));
const music = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'user', data: rows('m').map(({ user }) => user), type: 'STRING' },
      { name: 'item', data: rows('m').map(({ item }) => item), type: 'STRING' },
    ],
  }),
);
const books = rows('b')
  .map((row) => `${JSON.stringify(row)}\n`)
  .join('');
const lines = ['u0', 'u1', 'u2', 'u3'].map((user, u) => `${user} ${['m1', 'm2', 'm3', 'm4'].slice(u).join(' ')}\n`).join('');
const zip = zipSync({ 'data/music.parquet': music, 'data/books.jsonl': new TextEncoder().encode(books) });
const all = ['kind;a;b']
  .concat(rows('m').map(({ user, item }) => `music;${user};${item}`))
  .concat(rows('b').map(({ user, item }) => `books;${user};${item}`))
  .join('\n');

const open = async (words: DataWords) => {
  const choice = filesOfWords(words, (word) => `--${word}`);
  checkFiles(choice);
  return (await openDataset(choice, NO_FILTERS)).dataset;
};

describe('files of the command line', () => {
  it('are known by their content, also within a zip archive', async () => {
    const archive = file('data.zip', zip);
    const dataset = await open({ source: `${archive}/data/music.parquet`, target: `${archive}/data/books.jsonl` });
    expect(dataset.figures).toMatchObject({ sourceUsers: 9, sourceInteractions: 60, targetItems: 7 });
    expect(dataset.name).toBe('music.parquet → books.jsonl');
    const sequences = await open({ source: file('lines.txt', lines), target: file('books', books) });
    expect(sequences.figures).toMatchObject({ sourceUsers: 4, sourceInteractions: 10 });
  });

  it('of an archive have to be named where there are several', async () => {
    const archive = file('several.zip', zip);
    const target = file('target.jsonl', books);
    await expect(open({ source: archive, target })).rejects.toThrow(
      /has several files: name one of .*several.zip\/data\/music.parquet/,
    );
    await expect(open({ source: `${archive}/films.csv`, target })).rejects.toThrow(/films.csv is not in/);
    const single = file('single.zip', zipSync({ 'music.parquet': music }));
    expect((await open({ source: single, target })).figures.sourceUsers).toBe(9);
  });

  it('may be one with both domains, whose columns can be said', async () => {
    const both = file('all.csv', all);
    const columns = 'domain,user,item';
    const dataset = await open({ both, columns, domains: 'books,music' });
    expect(dataset.name).toBe('books → music');
    expect(dataset.figures).toMatchObject({ sourceUsers: 9, instances: 60 });
    await expect(open({ both, columns, domains: 'films,music' })).rejects.toThrow(/no rows of the domain “films”/);
    expect(() => filesOfWords({ domains: 'a,b' }, (word) => `--${word}`)).toThrow(/--domains says what of --both/);
    expect(() => filesOfWords({ both, source: both }, (word) => `--${word}`)).toThrow(/no other file/);
  });
});
