import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DATASET, resultRun } from '../src/results/testing.ts';
import { writeDocuments } from './write.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string): string[] => readdirSync(join(folder, name)).sort();
const two = [resultRun('finetune-all', 1, [1, 2, 9]), resultRun('uaf-hard', 1, [1, 2, 3])];

it('what an earlier merge wrote goes, and what is somebody’s own stays', async () => {
  for (const name of ['tables', 'figures']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'mine.csv'), 'mine');
  }
  await writeDocuments(folder, 'Two', two, []);
  const before = inFolder('tables');
  await writeDocuments(folder, 'One', two.slice(0, 1), []);
  const now = inFolder('tables');
  expect(now.length).toBeLessThan(before.length);
  expect(before).toEqual(expect.arrayContaining(now));
  expect(now).toContain('mine.csv');
  expect(inFolder('figures')).toContain('mine.csv');
  const { files } = JSON.parse(readFileSync(join(folder, 'merged.json'), 'utf8'));
  const written = ['tables', 'figures'].flatMap((name) => inFolder(name).map((file) => `${name}/${file}`));
  expect([...files, 'tables/mine.csv', 'figures/mine.csv'].sort()).toEqual(written.sort());
});

it('a list that leads elsewhere is refused, and nothing is deleted', async () => {
  writeFileSync(join(folder, 'precious.csv'), 'mine');
  const files = ['tables/../precious.csv'];
  writeFileSync(join(folder, 'merged.json'), JSON.stringify({ format: 'uaf-studio merged', version: 1, files }));
  await expect(writeDocuments(folder, 'Two', two, [])).rejects.toThrow(/merged\.json is no list of what a merge wrote/);
  expect(existsSync(join(folder, 'precious.csv'))).toBe(true);
});

it('a method’s name leads out of no folder', async () => {
  const policy = { utilisation: [0.5, 1], distinct: 2, entropy: 0.5, collapsed: false };
  const evil = ['d', 'e'].map((name) =>
    resultRun('/../../../evil', 1, [1, 2, 3], { dataset: { ...DATASET, name, hash: name }, report: { policy } }),
  );
  await writeDocuments(join(folder, 'a/b'), 'Evil', evil, []);
  expect(readdirSync(folder)).toEqual(['a']);
  expect(readdirSync(join(folder, 'a'))).toEqual(['b']);
  expect(inFolder('a/b/figures')).toContainEqual(expect.stringMatching(/^shares-_\.\._\.\._\.\._evil-[0-9a-f]{12}\.svg$/));
});
