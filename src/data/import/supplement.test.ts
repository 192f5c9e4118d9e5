import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dataset.ts';
import { NO_FILTERS, prepare } from '../prepare.ts';
import { readFiles } from './dataset.ts';
import { recognise } from './recognise.ts';
import { type Supplements, supplement } from './supplement.ts';
import { file } from './testFile.ts';

const STRICT = { skipBadRows: false };
const NOTHING: Supplements = { sourceNames: null, targetNames: null, attributes: null };

async function plain(users = 3, target = 'u0,x\nu1,y\n'): Promise<Dataset> {
  const rows = Array.from({ length: users }, (_, u) => `u${u},a\nu${u},b\n`).join('');
  const [source, targets] = [file(`user,item\n${rows}`, 'source.csv'), file(`user,item\n${target}`, 'target.csv')];
  const [first, second] = [await recognise(source, { format: 'long' }), await recognise(targets, { format: 'long' })];
  const files = [
    { file: source, format: first.format },
    { file: targets, format: second.format },
  ] as const;
  return prepare('d', await readFiles(...files, STRICT), NO_FILTERS);
}

const read = async (content: string | Uint8Array, format: 'names' | 'attributes', name = `${format}.csv`) => {
  const source = file(content, name);
  return { file: source, format: (await recognise(source, { format })).format };
};

const withNames = async (content: string | Uint8Array, options = STRICT) =>
  supplement(await plain(), { ...NOTHING, sourceNames: await read(content, 'names') }, options);

const withAttributes = async (content: string, users = 3) =>
  supplement(await plain(users), { ...NOTHING, attributes: await read(content, 'attributes') }, STRICT);

/** The words of one attribute, user by user. */
const wordsOf = ({ attributes }: Dataset, name: string) => {
  const found = attributes.find((attribute) => attribute.name === name);
  return found && Array.from(found.codes, (code) => found.values[code]);
};

describe('names of items', () => {
  it('stand by item number, with the separator in quotes, markup, emoji and line breaks', async () => {
    const { dataset, notes } = await withNames('item,name\nb,"Tea, <b>green</b> 🍵\nloose"\na,"He said ""no"""\n');
    expect(dataset.sourceItems).toEqual(['', 'a', 'b']);
    expect(dataset.sourceNames).toEqual(['', 'He said "no"', 'Tea, <b>green</b> 🍵 loose']);
    expect(dataset.targetNames).toBeNull();
    expect(notes).toEqual(['Item names for 2 of 2 source items.']);
  });

  it('counts what does not occur and what is there twice; the last row counts, empty names are none', async () => {
    const { dataset, notes } = await withNames('a,first\nzzz,stranger\nb,\na,last\nzzz,again\n');
    expect(dataset.sourceNames).toEqual(['', 'last', '']);
    expect(notes).toEqual([
      'Item names for 1 of 2 source items.',
      '1 of 3 names in names.csv are of items that do not occur.',
      '2 rows of names.csv came before another row of the same item: the last one counts.',
    ]);
  });

  it('reads gzip, columns by name, and words with spaces but no header', async () => {
    const named = await withNames(new Uint8Array(gzipSync('price;title;asin\n1;One two three;a\n2;Four five six;b\n')));
    expect(named.dataset.sourceNames).toEqual(['', 'One two three', 'Four five six']);
    expect((await withNames('a,One two three\nb,Four five six\n')).dataset.sourceNames).toEqual(named.dataset.sourceNames);
  });

  it('stand in JSON Lines and in RecBole’s files, too; a list among attributes does no harm', async () => {
    const lines = ['{"item":"a","name":"One two three"}', '{"item":"b","name":"Four five six"}'].join('\n');
    expect((await withNames(lines)).dataset.sourceNames).toEqual(['', 'One two three', 'Four five six']);
    const item = 'item_id:token\ttitle:token_seq\na\tOne two three\nb\tFour five six\n';
    expect((await withNames(item)).dataset.sourceNames).toEqual(['', 'One two three', 'Four five six']);
    const users = [0, 1, 2].map((u) => JSON.stringify({ user: `u${u}`, club: u ? 'yes' : 'no', tags: [1, 1] })).join('\n');
    expect(wordsOf((await withAttributes(users)).dataset, 'club')).toEqual(['no', 'yes', 'yes']);
  });

  it('takes an inch mark for itself', async () => {
    const { dataset } = await withNames('a\t12" single\nb\t"7"" and\nmore"\n');
    expect(dataset.sourceNames).toEqual(['', '12" single', '7" and more']);
  });

  it('are cut at 200 characters, never within an emoji', async () => {
    const { dataset } = await withNames(`a,${'🍵'.repeat(300)}\nb,${'x'.repeat(201)}\n`);
    expect(dataset.sourceNames?.slice(1)).toEqual(['🍵'.repeat(200), 'x'.repeat(200)]);
  });

  it('names line and problem of bad rows, which may be skipped', async () => {
    const text = 'item,name\na,Tea, green\n,nothing\nb,Bread\n';
    await expect(withNames(text)).rejects.toThrow(
      /names.csv: 2 rows cannot be used: line 2 has 3 fields instead of 2.*line 3 column 1: the item is empty/,
    );
    expect((await withNames(text, { skipBadRows: true })).dataset.sourceNames).toEqual(['', '', 'Bread']);
  });

  it('of other items are refused, with examples of both', async () => {
    await expect(withNames('item,name\nq1,Tea\nq2,Bread\n')).rejects.toThrow(/None of the items.*“q1”, “q2”.*“a”, “b”/s);
    await expect(withNames('item,name\n')).rejects.toThrow(/has a header but no rows/);
  });

  it('of target items make no sense for a profile task', async () => {
    const profile: Dataset = { ...(await plain()), task: 'profile' };
    const names = await read('x,Tea\ny,Bread\n', 'names');
    await expect(supplement(profile, { ...NOTHING, targetNames: names }, STRICT)).rejects.toThrow(/labels name themselves/);
    expect((await supplement(await plain(), { ...NOTHING, targetNames: names }, STRICT)).dataset.targetNames).toEqual([
      'Tea',
      'Bread',
    ]);
  });
});

describe('attributes of users', () => {
  const many = (value: (u: number) => string | number, users = 100) =>
    Array.from({ length: users }, (_, u) => `u${u},${value(u)}\n`).join('');

  it('are words in their natural order, with a place for users without a row', async () => {
    const { dataset, notes } = await withAttributes('user,age,club\nu2,10-14,yes\nu0,5-9,no\nstranger,5-9,no\nu2,15-19,yes\n');
    expect(dataset.attributes.map(({ name, values }) => [name, values])).toEqual([
      ['age', ['5-9', '15-19', '']],
      ['club', ['no', 'yes', '']],
    ]);
    expect(wordsOf(dataset, 'age')).toEqual(['5-9', '', '15-19']);
    expect(notes).toEqual([
      'User attributes: age, club (2 of 3 users have a row).',
      '1 of 3 rows in attributes.csv are of users that do not occur.',
      '1 row of attributes.csv came before another row of the same user: the last one counts.',
    ]);
  });

  it('are numbers as they are while there are few, and groups when there are many', async () => {
    const few = await withAttributes(`user,stars\n${many((u) => (u === 7 ? 'NA' : u % 10))}`, 100);
    expect(few.dataset.attributes[0].values).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '']);
    const groups = await withAttributes(`user,age\n${many((u) => 20 + (u % 40), 120)}`, 130);
    expect(groups.dataset.attributes[0].values).toEqual([
      '20 – 24',
      '25 – 29',
      '30 – 34',
      '35 – 39',
      '40 – 44',
      '45 – 49',
      '50 – 54',
      '55 – 59',
      '',
    ]);
    expect(wordsOf(groups.dataset, 'age')?.slice(0, 6)).toEqual([
      '20 – 24',
      '20 – 24',
      '20 – 24',
      '20 – 24',
      '20 – 24',
      '25 – 29',
    ]);
    expect(wordsOf(groups.dataset, 'age')?.[125]).toBe('');
    expect(groups.notes[1]).toBe('“age” was cut into 8 groups of about the same size.');
  });

  it('with many different words keep the frequent ones, and put the others together', async () => {
    // Towns 0 to 9 have ten users each, the others one.
    const { dataset, notes } = await withAttributes(`user,town\n${many((u) => `town ${u < 100 ? u % 10 : u}`, 200)}`, 200);
    const { values, codes } = dataset.attributes[0];
    expect(values).toHaveLength(64);
    expect([values[0], values[9], values.at(-1)]).toEqual(['town 0', 'town 9', 'other']);
    expect(codes.filter((code) => values[code] === 'other')).toHaveLength(100 - 53);
    expect(notes[1]).toBe('“town” has 110 different values: all but the 63 most frequent are “other”.');
  });

  it('that say nothing are left out with a reason', async () => {
    const rows = Array.from({ length: 20 }, (_, u) => `u${u},id-${u},same,,${u % 2}\n`).join('');
    const { dataset, notes } = await withAttributes(`user,hash,planet,note,club\n${rows}`, 20);
    expect(dataset.attributes.map(({ name }) => name)).toEqual(['club']);
    expect(notes.slice(1)).toEqual([
      '“hash” is left out: it is different for every user, like an id.',
      '“planet” is left out: it is the same for all users.',
      '“note” is left out: it is empty for all users.',
    ]);
  });

  it('without a name, or with one that is taken, get another', async () => {
    const { dataset } = await withAttributes('user,age,,age\nu0,1,2,3\nu1,2,3,4\n');
    expect(dataset.attributes.map(({ name }) => name)).toEqual(['age', 'column 3', 'age 2']);
  });
});

it('on the release’s pair, attributes are of lines', async () => {
  const pre = { file: file('0,0,a,b\n0,c,a,b\n', 'pre.csv'), format: { format: 'pretraining-lines' as const } };
  const fine = { file: file('0,a,b,,x\n0,b,c,,y\n', 'fine.csv'), format: { format: 'fine-tuning-lines' as const } };
  const pair = prepare('d', await readFiles(pre, fine, STRICT), NO_FILTERS);
  const { dataset, notes } = await supplement(
    pair,
    {
      sourceNames: await read('a,Apple\nb,Bread\n', 'names'),
      targetNames: await read('x,Xylophone\ny,Yarn\n', 'names'),
      attributes: await read('user,age\nline-1,young\nline-2,old\n', 'attributes'),
    },
    STRICT,
  );
  expect(dataset.sourceItems.map((id, i) => `${id} ${dataset.sourceNames?.[i]}`)).toEqual([' ', 'b Bread', 'a Apple', 'c ']);
  expect(dataset.targetNames).toEqual(['Xylophone', 'Yarn']);
  expect(wordsOf(dataset, 'age')).toEqual(['', '', 'young', 'old']);
  expect(notes[2]).toBe('User attributes: age (2 of 4 users have a row).');
});
