import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { issueWords } from './issue.ts';
// Sets zod's language.
import './schema.ts';

it('says where something is wrong and what, and speaks of no undefined', () => {
  const schema = z.object({ seeds: z.array(z.number()) });
  const wordsFor = (written: unknown) => {
    const { success, error } = schema.safeParse(written);
    return success ? null : issueWords(error.issues[0]);
  };
  expect(wordsFor({ seeds: [1, 'x'] })).toBe('“seeds.1”: Invalid input: expected number, received string');
  expect(wordsFor({})).toBe('“seeds”: Invalid input: expected array, but it is missing');
  expect(wordsFor(3)).toBe('Invalid input: expected object, received number');
});
