import { expect, it } from 'vitest';
import { freeName } from './freeName.ts';

it('numbers a name that is taken', () => {
  expect(freeName('music', [])).toBe('music');
  expect(freeName('music', ['music', 'books'])).toBe('music 2');
  expect(freeName('music', ['music', 'music 2', 'music 4'])).toBe('music 3');
});
