import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, openStudio, test } from './studio.ts';

const folder = mkdtempSync(join(tmpdir(), 'studio-formats-'));
const START = 1_357_430_400;
const events = (prefix: string, items: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ who: `u${i % 30}`, what: `${prefix}${(i * 7 + (i % 30)) % items}`, at: START + i }));

/** A table whose columns are named so that one cannot tell users from items. */
function parquet(count: number): Uint8Array {
  const rows = events('m', 25, count);
  const columnData = [
    { name: 'what', data: rows.map(({ what }) => what), type: 'STRING' as const },
    { name: 'who', data: rows.map(({ who }) => who), type: 'STRING' as const },
    { name: 'at', data: rows.map(({ at }) => new Date(at * 1000)), type: 'TIMESTAMP' as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 50 }));
}

function zip(name: string, count: number): string {
  const lines = events('b', 12, 120).map(({ who, what, at }) => `${JSON.stringify({ user: who, book: what, at })}\n`);
  const path = join(folder, name);
  const readme = 'These are clicks, as we found them. Please cite us.\n';
  const files = { 'clicks/music': parquet(count), 'clicks/books': lines.join(''), 'clicks/about': readme };
  const bytes = Object.entries(files).map(([file, data]) => [
    file,
    typeof data === 'string' ? new TextEncoder().encode(data) : data,
  ]);
  writeFileSync(path, zipSync(Object.fromEntries(bytes)));
  return path;
}

async function choose(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'Import files' }).click();
  await page.getByLabel('Files to import').setInputFiles(path);
}

test('a zip with Parquet and JSON Lines: seen through, corrected, imported; the correction is offered for the next one', async ({
  page,
}) => {
  await openStudio(page);
  await choose(page, zip('first.zip', 240));
  const music = page.getByRole('region', { name: 'File of the source domain' });
  const books = page.getByRole('region', { name: 'File of the target domain' });
  await expect(music).toContainText('music Parquet');
  await expect(books).toContainText('books JSON Lines');
  await expect(music).toContainText(`${START * 1000} → 6 Jan 2013, 00:00 (UTC)`);
  // Users and items are the wrong way round; what it is read as follows each correction.
  const first = music.getByRole('row').nth(1);
  await expect(first).toHaveText(/^m0u06 Jan 2013/);
  await music.getByLabel('User column of the source file').selectOption('who');
  await music.getByLabel('Item column of the source file').selectOption('what');
  await expect(first).toHaveText(/^u0m06 Jan 2013/);
  await music.getByLabel('Unit of time of the source file').selectOption('ISO date');
  await expect(music).toContainText('50 of the first 50 rows cannot be used');
  await music.getByLabel('Unit of time of the source file').selectOption('Unix milliseconds');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const card = page.getByRole('region', { name: 'Dataset music → books' });
  await expect(card).toContainText('30 users have both');
  await expect(card.getByRole('row', { name: /source/ })).toContainText('240');

  await choose(page, zip('second.zip', 300));
  await expect(music).toContainText('Read as you chose for a file like this');
  await expect(music.getByLabel('User column of the source file')).toHaveValue('1');
  await expect(books).not.toContainText('Read as you chose');
  await music.getByRole('button', { name: 'Use what was recognised instead' }).click();
  await expect(page.getByLabel('User column of the source file')).toHaveValue('0');
});
