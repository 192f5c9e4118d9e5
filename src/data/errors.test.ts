import { describe, expect, it } from 'vitest';
import { NoSharedUserError, quoted } from './errors.ts';

describe('words of a file in a sentence', () => {
  it('do not fill it', () => {
    expect(quoted('u1')).toBe('“u1”');
    const { message } = new NoSharedUserError('a.csv', ['['.repeat(10_000)], 'b.csv', ['u1']);
    expect(message.length).toBeLessThan(400);
    expect(message).toContain('a.csv has users like “[[');
  });
});
