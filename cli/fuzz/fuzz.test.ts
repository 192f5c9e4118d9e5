import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudioDatabase } from '../../src/storage/database.ts';
import { filesOf, fuzzCases } from './cases.ts';
import { check, checkFiles } from './check.ts';
import { FORMATS, validFiles } from './formats.ts';
import { heavyCases } from './heavy.ts';
import { mutate } from './mutations.ts';

let database: StudioDatabase;
beforeAll(() => {
  database = new StudioDatabase('fuzz');
});
afterAll(() => database.delete());

describe('files from strangers', () => {
  it.each(FORMATS)('are taken as long as they are valid: $name', async (format) => {
    expect(await check(database, format, await validFiles(format, 1))).toMatchObject({ outcome: 'taken', faults: [] });
  });

  it.each(['csv', 'sequences', 'JSON Lines'])('are taken as Windows-1252, if that is what they are: %s', async (name) => {
    const format = FORMATS.find((one) => one.name === name);
    if (format === undefined) throw new Error(name);
    const files = (await validFiles(format, 1)).map((file) => {
      const text = new TextDecoder().decode(file.bytes).replace(/\bu(?=\d)/g, 'ü');
      return { ...file, bytes: mutate(new TextEncoder().encode(text), { kind: 'encode', as: 'latin1', mark: false }) };
    });
    expect(files.every(({ bytes }) => bytes.includes(0xfc))).toBe(true);
    expect(await check(database, format, files)).toMatchObject({ outcome: 'taken', faults: [] });
  });

  it('are refused in words and leave nothing behind, whatever was changed in them', async () => {
    await fc.assert(
      fc.asyncProperty(fuzzCases(), async (one) => {
        expect((await check(database, one.format, await filesOf(one))).faults).toEqual([]);
      }),
      { numRuns: 400, seed: 8 },
    );
  });

  it.each(heavyCases())('may be $what', async ({ file, format }) => {
    const [, beside] = await validFiles(format, 1);
    const { faults } = await checkFiles(database, format.reader, [file(6), new File([beside.bytes], beside.name)]);
    expect(faults).toEqual([]);
  });
});
