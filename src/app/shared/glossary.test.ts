import { renderToString } from 'katex';
import { describe, expect, it } from 'vitest';
import { GLOSSARY_ENTRIES } from './glossary.ts';

/** Capitals that are a name or a letter of the paper, not an abbreviation. */
const NAMES = ['CLS'];

describe('every entry of the glossary', () => {
  it.each(GLOSSARY_ENTRIES)('%s is one short explanation that ends like a sentence', (_key, { short, more = '.' }) => {
    expect(short.length).toBeGreaterThan(30);
    expect(short.length).toBeLessThan(240);
    expect(short).toMatch(/\.$/);
    expect(more).toMatch(/\.$/);
  });

  it.each(GLOSSARY_ENTRIES.filter(([, { formula }]) => formula !== undefined))(
    '%s has a formula that KaTeX can set',
    (_key, { formula }) => {
      expect(() => renderToString(formula?.tex ?? '', { throwOnError: true, strict: 'error' })).not.toThrow();
    },
  );

  it('has a title and an explanation of its own', () => {
    for (const of of ['title', 'short'] as const) {
      const texts = GLOSSARY_ENTRIES.map(([, entry]) => entry[of].toLowerCase());
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  it('writes no abbreviation that is not itself an entry', () => {
    const abbreviations = (text: string) => text.match(/\b[A-Z]{2,}\b/g) ?? [];
    const explained = new Set([...NAMES, ...GLOSSARY_ENTRIES.flatMap(([, { title }]) => abbreviations(title))]);
    const unexplained = GLOSSARY_ENTRIES.flatMap(([key, { short, more = '' }]) =>
      abbreviations(`${short} ${more}`)
        .filter((word) => !explained.has(word))
        .map((word) => `${key}: ${word}`),
    );
    expect(unexplained).toEqual([]);
  });
});
