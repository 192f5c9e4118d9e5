/** Reads the files of `npm run fuzz` from one number on, in a process of its own. */
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { StudioDatabase } from '../../src/storage/database.ts';
import { filesOf, fuzzCases, wordsOf } from './cases.ts';
import { check, checkFiles, type Verdict } from './check.ts';
import { validFiles } from './formats.ts';
import { heavyCases } from './heavy.ts';

export type FuzzMessage =
  | ({
      readonly type: 'case';
      readonly number: number;
      readonly format: string;
      readonly words: string;
      readonly peakBytes: number;
    } & Verdict)
  | { readonly type: 'alive' }
  | { readonly type: 'end' };

const [files, seed, from, megabytes] = process.argv.slice(2).map(Number);
const database = new StudioDatabase('fuzz');
const send = (message: FuzzMessage) => process.send?.(message);
const tell = (number: number, format: string, words: string, verdict: Verdict) =>
  // The most that it ever had, in kilobytes.
  send({ type: 'case', number, format, words, peakBytes: 1024 * process.resourceUsage().maxRSS, ...verdict });

for (const [number, one] of fc.sample(fuzzCases(), { numRuns: files, seed }).entries()) {
  if (number < from) continue;
  tell(number, one.format.name, wordsOf(one), await check(database, one.format, await filesOf(one)));
}
for (const [i, { what, format, file }] of heavyCases().entries()) {
  if (files + i < from) continue;
  const beside = (await validFiles(format, 1)).slice(1).map(({ name, bytes }) => new File([bytes], name));
  const made = file(megabytes);
  made.onPiece = () => send({ type: 'alive' });
  tell(files + i, 'large', what, await checkFiles(database, format.reader, [made, ...beside]));
}
send({ type: 'end' });
await database.delete();
process.disconnect();
