import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { recognise } from './recognise.ts';
import type { Role } from './roleNames.ts';
import { assignRoles } from './roles.ts';
import { file } from './testFile.ts';

const range = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
/** Interactions of users u0 … u29 with so many items, several each. */
const interactions = (prefix: string, items: number, header = 'user,item\n') =>
  header + range(30 * 6, (i) => `u${i % 30},${prefix}${(i * 7 + (i % 30)) % items}`);

const FILES = {
  music: interactions('m', 25),
  books: interactions('b', 12),
  // A catalogue knows more than occurs.
  musicNames: range(60, (i) => `m${i},Song number ${i}`),
  bookNames: `item,name\n${range(12, (i) => `b${i},"Book, volume ${i}"`)}`,
  users: `user,age,town\n${range(30, (i) => `u${i},${20 + i},${i % 3 ? 'Rome' : 'Oslo'}`)}`,
  ages: `user,age\n${range(30, (i) => `u${i},${i % 3 ? 'young' : 'old'}`)}`,
} as const;

async function roles(texts: readonly (string | Uint8Array)[], chosen: readonly (Role | null)[] = []) {
  const candidates = [];
  for (const [i, text] of texts.entries()) {
    const source = file(text, `${i}.csv`, 4096);
    candidates.push({ file: source, recognition: await recognise(source), chosen: chosen[i] ?? null });
  }
  return assignRoles(candidates);
}
const rolesOf = async (...texts: string[]) => (await roles(texts)).map(({ role }) => role);

describe('what each file is for', () => {
  it('shows from the ids in them, whatever their order', async () => {
    const { music, books, musicNames, bookNames, users } = FILES;
    expect(await rolesOf(music, books, musicNames, bookNames, users)).toEqual([
      'source',
      'target',
      'sourceNames',
      'targetNames',
      'attributes',
    ]);
    expect(await rolesOf(users, bookNames, music, musicNames, books)).toEqual([
      'attributes',
      'targetNames',
      'source',
      'sourceNames',
      'target',
    ]);
  });

  it('comes with the format that the role asks for', async () => {
    const { music, books, bookNames, users } = FILES;
    const assigned = await roles([bookNames, users, music, books]);
    expect(assigned.map(({ recognition }) => recognition.format)).toMatchObject([
      { format: 'names', item: 0, name: 1, rows: { header: true } },
      { format: 'attributes', user: 0, rows: { header: true, width: 3 } },
      { format: 'long', user: 0, item: 1 },
      { format: 'long' },
    ]);
    expect(assigned[0].recognition.preview[3]).toEqual(['b3', 'Book, volume 3']);
  });

  it.each(['', 'id,title\n'])('is told by size where all ids are plain numbers (header: %j)', async (header) => {
    const small = range(12, (i) => `${i},A short name ${i}`);
    const large = range(40, (i) => `${i},A long name ${i}`);
    const wide = range(300, (i) => `${i % 30},${(i * 7) % 40}`);
    const narrow = range(300, (i) => `${i % 30},${(i * 7) % 12}`);
    const users = range(30, (i) => `${i},${i % 2}`);
    expect(await rolesOf(wide, narrow, header + small, header + large, users)).toEqual([
      'source',
      'target',
      'targetNames',
      'sourceNames',
      'attributes',
    ]);
  });

  it('a file about users has labels beside one file of interactions, and attributes beside two', async () => {
    const { music, books, ages, musicNames, users } = FILES;
    const profile = await roles([ages, music, musicNames]);
    expect(profile.map(({ role }) => role)).toEqual(['target', 'source', 'sourceNames']);
    expect(profile[0].recognition.format).toMatchObject({ format: 'labels', item: 1 });
    expect(await rolesOf(music, ages, users)).toEqual(['source', 'target', 'attributes']);
    const both = await roles([music, ages, books]);
    expect(both.map(({ role }) => role)).toEqual(['source', 'attributes', 'target']);
    expect(both[1].recognition.format.format).toBe('attributes');
  });

  it('users who did one thing each are no attributes', async () => {
    const once = `user,item\n${range(30, (i) => `u${i},b${i % 12}`)}`;
    expect(await rolesOf(FILES.users, once, FILES.music)).toEqual(['attributes', 'source', 'target']);
    const dated = range(30, (i) => `u${i},b${i % 12},${1_357_430_400 + i}`);
    expect(await rolesOf(FILES.users, dated, FILES.music)).toEqual(['attributes', 'target', 'source']);
  });

  it('a catalogue with its category first is no file of interactions', async () => {
    const catalogue = `category,asin,title\n${range(25, (i) => `c${i % 3},m${i},Song number ${i}`)}`;
    const [, , names] = await roles([FILES.music, FILES.books, catalogue]);
    expect(names).toMatchObject({ role: 'sourceNames', recognition: { format: { item: 1, name: 2 } } });
  });

  it('is nothing where no id occurs, nor for a third file of interactions', async () => {
    const strangers = `item,name\n${range(20, (i) => `q${i},Stranger ${i}`)}`;
    expect(await rolesOf(FILES.music, FILES.books, strangers, interactions('g', 9))).toEqual([
      'source',
      'target',
      'unused',
      'unused',
    ]);
  });

  it('on the release’s pair, users are called by their lines', async () => {
    const line = (i: number) => `0,0,m${i % 9},m${(i + 1) % 9},m${(i + 2) % 9}`;
    const pretraining = range(40, line);
    const finetuning = range(30, (i) => `${line(i)},,b${i % 5},b${(i + 1) % 5}`);
    const attributes = `id,age,town,height,shoe,hair,eyes,team\n${range(30, (i) => `line-${i + 1},${i},Rome,${150 + i},40,red,blue,a`)}`;
    const assigned = await roles([FILES.bookNames, finetuning, attributes, FILES.musicNames, pretraining]);
    expect(assigned.map(({ role }) => role)).toEqual(['targetNames', 'target', 'attributes', 'sourceNames', 'source']);
  });

  it('is as chosen by hand; the others make room', async () => {
    const { music, books, ages } = FILES;
    const moved = await roles([music, books, ages], ['target', null, null]);
    expect(moved.map(({ role }) => role)).toEqual(['target', 'source', 'attributes']);
    const profile = await roles([music, books, ages], [null, 'unused', 'target']);
    expect(profile.map(({ role }) => role)).toEqual(['source', 'unused', 'target']);
    expect(profile[2].recognition.format.format).toBe('labels');
    const forced = await roles([music, books, ages], [null, null, 'sourceNames']);
    expect(forced[2]).toMatchObject({ role: 'sourceNames', recognition: { format: { format: 'names' } } });
  });

  it('is told of any kind of table: names in Parquet, attributes and labels in JSON Lines', async () => {
    const { music, books } = FILES;
    const ids = Array.from({ length: 25 }, (_, i) => i);
    const names = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'title', data: ids.map((i) => `Song number ${i}`), type: 'STRING' },
          { name: 'item_id', data: ids.map((i) => `m${i}`), type: 'STRING' },
        ],
      }),
    );
    const users = range(30, (i) => JSON.stringify({ user: `u${i}`, age: 20 + i, town: i % 3 ? 'Rome' : 'Oslo', tags: [i] }));
    const assigned = await roles([music, books, names, users]);
    expect(assigned.map(({ role }) => role)).toEqual(['source', 'target', 'sourceNames', 'attributes']);
    expect(assigned[2].recognition.format).toMatchObject({ format: 'names', item: 1, name: 0, rows: { kind: 'parquet' } });
    expect(assigned[3].recognition.format).toMatchObject({ format: 'attributes', user: 0, rows: { kind: 'json-lines' } });
    const ages = range(30, (i) => JSON.stringify({ user: `u${i}`, age: i % 3 ? 'young' : 'old' }));
    const [, labels] = await roles([music, ages]);
    expect(labels).toMatchObject({ role: 'target', recognition: { format: { format: 'labels', item: 1 } } });
  });

  it('is both domains where a column says of which a row is; beside two others it is not needed', async () => {
    const rows = range(120, (i) => `u${i % 7},${i % 3 ? 'm' : 'b'}${i % 10},${i % 3 ? 'music' : 'books'}`);
    const both = `user,item,domain\n${rows}`;
    const names = `item,name\n${range(10, (i) => `b${i},"Book, volume ${i}"`)}`;
    expect(await rolesOf(names, both)).toEqual(['targetNames', 'both']);
    expect(await rolesOf(FILES.music, FILES.books, both)).toEqual(['source', 'target', 'unused']);
    const [asSource] = await roles([both], ['source']);
    expect(asSource.recognition.format.format).toBe('long');
    await expect(roles([FILES.music], ['both'])).rejects.toThrow(/no column that could name two domains/);
  });

  it('one file alone waits for the other', async () => {
    expect(await rolesOf(FILES.music)).toEqual(['source']);
    expect(await rolesOf(FILES.ages)).toEqual(['source']);
    expect(await rolesOf(FILES.bookNames, FILES.books)).toEqual(['sourceNames', 'source']);
  });
});
