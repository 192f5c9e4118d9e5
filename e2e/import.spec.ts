import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { Dataset } from '../src/data/dataset.ts';
import type { DatasetRow } from '../src/storage/database.ts';
import { expect, openStudio, put, rows, test } from './studio.ts';

const folder = mkdtempSync(join(tmpdir(), 'studio-e2e-'));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const interactions = (prefix: string, items: number, each: number) =>
  Array.from({ length: 30 * each }, (_, i) => `user-${i % 30},${prefix}${(i * 7 + (i % 30)) % items},${1_357_430_400 + i}`).join(
    '\n',
  );

const source = file('music.csv', `user_id,item_id,timestamp\n${interactions('m', 25, 8)}\n`);
const target = file('books.csv.gz', new Uint8Array(gzipSync(interactions('b', 12, 4).replaceAll(',', '\t'))));

const datasets = (page: Page) => rows<DatasetRow>(page, 'datasets');

async function choose(page: Page, ...paths: string[]): Promise<void> {
  await openStudio(page);
  await page.getByRole('button', { name: 'Import files' }).click();
  await page.getByLabel('Files to import').setInputFiles(paths);
}

test('two files in long format: recognised, shown, corrected, stored, still there after a reload', async ({ page }) => {
  await choose(page, source, target);
  const first = page.getByRole('region', { name: 'File of the source domain' });
  await expect(first).toContainText('music.csv');
  await expect(first.getByLabel('Separator of the source file')).toHaveValue('comma');
  await expect(first.getByLabel('User column of the source file')).toHaveValue('0');
  const second = page.getByRole('region', { name: 'File of the target domain' });
  await expect(second.getByLabel('Separator of the target file')).toHaveValue('tab');
  await expect(second.getByLabel('Time column of the target file')).toHaveValue('2');
  await expect(second.getByRole('row')).toHaveCount(51);
  // A wrong separator is no way: the sentence says so, and what was recognised stays.
  await second.getByLabel('Separator of the target file').selectOption('semicolon');
  await expect(page.getByRole('alert')).toContainText('has only one column');
  await expect(second.getByLabel('Separator of the target file')).toHaveValue('tab');
  // Corrected by hand: no time in the target file.
  await second.getByLabel('Time column of the target file').selectOption('');
  expect(await datasets(page)).toHaveLength(1);

  await page.getByLabel('Most targets a user').fill('3');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const card = page.getByRole('region', { name: 'Dataset music → books' });
  await expect(card).toContainText('30 users have both');
  await expect(card.getByRole('row', { name: /source/ })).toContainText('240');
  await expect(card.getByRole('row', { name: /target/ })).toContainText('90');
  expect((await datasets(page))[1]).toMatchObject({ timed: false, settings: { maximumTargetsPerUser: 3 } });
  await page.reload();
  await expect(page.getByRole('region', { name: 'Dataset music → books' })).toBeVisible();
});

test('the release’s pair, in whatever order it is dropped', async ({ page }) => {
  const line = (i: number) => `0,0,m${i % 9},m${(i + 1) % 9},m${(i + 2) % 9}`;
  const pretraining = file('pre.csv', Array.from({ length: 40 }, (_, i) => line(i)).join('\n'));
  const finetuning = file('fine.csv', Array.from({ length: 30 }, (_, i) => `${line(i)},,b${i % 5},b${(i + 1) % 5}`).join('\n'));
  await choose(page, finetuning, pretraining);
  await expect(page.getByLabel('Format of the source file')).toHaveValue('pretraining-lines');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const card = page.getByRole('region', { name: 'Dataset pre → fine' });
  await expect(card.getByRole('row', { name: /source/ })).toContainText('40');
  await expect(card.getByRole('row', { name: /target/ })).toContainText('60');
});

test('names of items and attributes of users: told by their ids, exchanged with their domains, shown on the card', async ({
  page,
}) => {
  const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
  const songs = file(
    'songs.csv.gz',
    new Uint8Array(gzipSync(`item,title\n${lines(30, (i) => `m${i},"Song, <b>no. ${i}</b> 🎷"`)}`)),
  );
  const titles = file(
    'titles.tsv',
    lines(10, (i) => `b${i}\tThe Book no. ${i}`),
  );
  const people = file(
    'people.csv',
    `user,age,club,mail\n${lines(25, (i) => `user-${i},${20 + i},${i % 2 ? 'yes' : 'no'},u${i}@x`)}`,
  );
  await choose(page, people, titles, source, songs);
  // Beside one file of interactions, what is known of users is to be predicted; beside two, it is attributes.
  await expect(page.getByLabel('Use of people.csv')).toHaveValue('target');
  await page.getByLabel('Files to import').setInputFiles(target);
  for (const [name, role] of [
    ['music.csv', 'source'],
    ['books.csv.gz', 'target'],
    ['songs.csv.gz', 'sourceNames'],
    ['titles.tsv', 'targetNames'],
    ['people.csv', 'attributes'],
  ])
    await expect(page.getByLabel(`Use of ${name}`)).toHaveValue(role);
  await expect(page.getByLabel('Name column of the file of source item names')).toHaveValue('1');
  await expect(page.getByRole('region', { name: 'File of target item names' })).toContainText('The Book no. 9');
  await page.getByRole('button', { name: 'Exchange source and target' }).click();
  await expect(page.getByLabel('Use of songs.csv.gz')).toHaveValue('targetNames');
  await page.getByLabel('Use of music.csv').selectOption('source interactions');
  await expect(page.getByLabel('Use of songs.csv.gz')).toHaveValue('sourceNames');
  // What one says by hand holds.
  await page.getByLabel('Use of titles.tsv').selectOption('not used');
  await expect(page.getByRole('region', { name: 'File of target item names' })).toHaveCount(0);
  await page.getByLabel('Use of titles.tsv').selectOption('target item names');
  await page.getByRole('button', { name: 'Import', exact: true }).click();

  const brought = page.getByRole('region', { name: 'Dataset music → books' }).getByRole('list');
  await expect(brought).toContainText('Item names for 25 of 25 source items.');
  await expect(brought).toContainText('5 of 30 names in songs.csv.gz are of items that do not occur.');
  await expect(brought).toContainText('Item names for 5 of 6 target items.');
  await expect(brought).toContainText('User attributes: age, club (25 of 30 users have a row).');
  const [, { dataset }] = await rows<{ dataset: Dataset }>(page, 'contents');
  expect(dataset.sourceNames?.[dataset.sourceItems.indexOf('m3')]).toBe('Song, <b>no. 3</b> 🎷');
  expect(dataset.attributes[1]).toMatchObject({ name: 'club', values: ['no', 'yes', ''] });
});

test('single bad rows are named, and skipped only after one has seen them', async ({ page }) => {
  const bad = file('bad.csv', `user_id,item_id,timestamp\n${interactions('b', 12, 4)}\nuser-1,b1\nuser-2,b2,yesterday\n`);
  await choose(page, source, bad);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Nothing was stored');
  await expect(alert).toContainText('bad.csv, line 122: has 2 of 3 fields: one is missing');
  await expect(alert).toContainText('line 123: column 3: “yesterday” is no time');
  expect(await datasets(page)).toHaveLength(1);
  await alert.getByRole('button', { name: 'Skip these 2 rows and go on with the others' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Dataset music → bad' })).toBeVisible();
});

for (const [what, path, sentence] of [
  ['an empty file', file('empty.csv', ''), 'empty.csv is empty'],
  ['a binary file', file('photo.csv', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 1])), 'photo.csv is a binary file'],
  ['one column only', file('column.csv', 'a\nb\nc\n'), 'column.csv has only one column'],
] as const) {
  test(`${what} gets a sentence, and nothing is stored`, async ({ page }) => {
    await choose(page, path);
    await expect(page.getByRole('alert')).toContainText(sentence);
    expect(await datasets(page)).toHaveLength(1);
  });
}

test('no user in both domains: three example ids from each side', async ({ page }) => {
  await choose(page, source, file('strangers.csv', interactions('b', 12, 4).replaceAll('user-', 'U')));
  await expect(page.getByRole('alert')).toContainText('“user-0”, “user-1”, “user-2”');
  await expect(page.getByRole('alert')).toContainText('“U0”, “U1”, “U2”');
  expect(await datasets(page)).toHaveLength(1);
});

test('every source item unknown', async ({ page }) => {
  const pretraining = file('numbers.csv', '0,0,1,2,3\n0,4,5,6,7\n0,0,1,2,3\n');
  await choose(page, pretraining, file('words.csv', '0,0,a,b,c,,x\n0,0,a,b,d,,y\n'));
  await expect(page.getByRole('alert')).toContainText('Every source item of words.csv is unknown');
  expect(await datasets(page)).toHaveLength(1);
});

test('filters show their effect before they apply; the card has the figures and the words', async ({ page }) => {
  // Ten of forty users have three source events, the others nine; the last ten are in the source alone.
  const users = Array.from({ length: 40 }, (_, u) => u);
  const rowsOf = (u: number, count: number, item: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => `user-${u},${item(i)},${1_357_430_400 + 86_400 * (u + i)}`);
  const clicks = users.flatMap((u) => rowsOf(u, u < 10 ? 3 : 9, (i) => `m${(u * 3 + i) % 17}`));
  const buys = users.slice(0, 30).flatMap((u) => rowsOf(u, 4, (i) => `b${Math.floor((u + i) / 3) % 9}`));
  await choose(page, file('clicks.csv', clicks.join('\n')), file('buys.csv', buys.join('\n')));
  // Small files are read by themselves.
  const effect = page.getByRole('region', { name: 'Filters and their effect' });
  const table = effect.getByRole('table', { name: 'What the filters leave' });
  await expect(table.getByRole('row', { name: /^source users/ })).toContainText('4040');
  await expect(effect.getByRole('list', { name: 'Doubts' })).toContainText('leaves 18 instances');
  await effect.getByLabel('Shortest source sequence').fill('4');
  await expect(table.getByRole('row', { name: /^source users/ })).toContainText('4030−25 %');
  await expect(table.getByRole('row', { name: /^instances/ })).toContainText('12080−33 %');
  await expect(table.getByRole('row', { name: /^in the source only/ })).toContainText('1010');
  await effect.getByLabel('From day').fill('2014-01-01');
  await expect(effect.getByRole('alert')).toContainText('The range of time leaves no interaction of the source domain');
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await effect.getByLabel('From day').fill('');
  await expect(effect.getByRole('figure', { name: 'Lengths of source sequences' })).toContainText(
    '30 users; all of them have 9 source items',
  );
  expect(await datasets(page)).toHaveLength(1);

  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const card = page.getByRole('region', { name: 'Dataset clicks → buys' });
  await expect(card).toContainText('Only users with at least 4 source events. 20 users have both');
  await expect(card).toContainText('In doubt: only 12 test instances; only 20 users in both domains');
  const [, row] = await datasets(page);
  expect(row.settings.filters).toMatchObject({ minimumSourceLength: 4, core: 1 });
  // One that an earlier version stored has no shape yet: it is made when it is asked for.
  const { shape, ...older } = row;
  await put(page, 'datasets', [older]);
  await page.reload();
  await card.getByRole('button', { name: 'Figures' }).click();
  await expect(card.getByRole('list', { name: 'Doubts' })).toContainText('smaller than about 0.26 cannot be told from chance');
  const targets = card.getByRole('figure', { name: 'Targets a user' });
  await targets.getByRole('button', { name: 'Table: Targets a user' }).click();
  await expect(targets.getByRole('row', { name: /^4/ })).toContainText('20');
  expect((await datasets(page))[1].shape).toEqual(shape);
});

test('a dataset whose sequences are large has them in a file, and is there after a reload', async ({ page }) => {
  // 84,000 users of a hundred items: more than 32 MB.
  const line = Array.from({ length: 100 }, (_, i) => 1 + (i % 9)).join(',');
  const pretraining = file('many.csv', `0,0,${line}\n`.repeat(84_000));
  const finetuning = file('few.csv', `0,0,${line},,b1,b2\n0,0,${line},,b2,b3\n`.repeat(20));
  await choose(page, pretraining, finetuning);
  await page.getByRole('button', { name: 'Import', exact: true }).click({ timeout: 20_000 });
  const card = page.getByRole('region', { name: 'Dataset many → few' });
  await expect(card.getByRole('row', { name: /source/ })).toContainText('84,000', { timeout: 20_000 });
  const [, { file: name }] = await datasets(page);
  const files = await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('uaf-studio');
    const entries: [string, number][] = [];
    for await (const handle of folder.values())
      entries.push([handle.name, (await (handle as FileSystemFileHandle).getFile()).size]);
    return entries;
  });
  expect(files).toEqual([[name, 4 * 100 * 84_040]]);
  await page.reload();
  await expect(card).toBeVisible();
});

test('large files are read when one asks for it, and a cancelled read leaves nothing', async ({ page }) => {
  const long = file('long.csv', 'user-1,m1,1357430400\nuser-2,m2,1357430400\n'.repeat(1_000_000));
  await choose(page, long, target);
  await page.getByRole('button', { name: 'Read the files' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Cancelled' })).toHaveText('Cancelled: nothing was kept.');
  await expect(page.getByRole('region', { name: 'Filters and their effect' })).toHaveCount(0);
  // The worker is free for others at once.
  await page.getByRole('button', { name: 'Take long.csv away' }).click();
  await expect(page.getByLabel('Use of books.csv.gz')).toHaveValue('source');
  await expect(page.getByLabel('Use of books.csv.gz')).toBeEnabled();
  await page.getByLabel('Files to import').setInputFiles(source);
  await expect(page.getByRole('region', { name: 'Filters and their effect' })).toContainText('What these filters leave');
  expect(await datasets(page)).toHaveLength(1);
});
