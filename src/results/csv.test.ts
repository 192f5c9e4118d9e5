import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from './csv.ts';

describe('safeText', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('keeps %j from being a formula', (text) => {
    expect(safeText(text)).toBe(`'${text}`);
  });

  it('leaves all other text as it is', () => {
    fc.assert(fc.property(fc.string(), (text) => safeText(`a${text}`) === `a${text}`));
    expect(safeText('')).toBe('');
  });
});
