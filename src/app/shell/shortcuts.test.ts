import { expect, it } from 'vitest';
import { readKey } from './shortcuts.ts';

const press = (keys: readonly (readonly [key: string, time: number, modified?: boolean])[]) => {
  let waiting: number | null = null;
  return keys.map(([key, time, modified = false]) => {
    const read = readKey({ key, time, modified }, waiting);
    waiting = read.waiting;
    return read.shortcut;
  });
};

it('g and then a page’s letter go there, if they follow each other', () => {
  expect(
    press([
      ['g', 0],
      ['t', 900],
    ]),
  ).toEqual([null, { kind: 'page', path: '/train' }]);
  expect(
    press([
      ['g', 0],
      ['g', 100],
      ['l', 200],
    ]).at(-1),
  ).toEqual({ kind: 'page', path: '/learn' });
  expect(
    press([
      ['g', 0],
      ['t', 5000],
    ]).at(-1),
  ).toBeNull();
  expect(
    press([
      ['g', 0],
      ['x', 100],
      ['t', 200],
    ]).at(-1),
  ).toBeNull();
  expect(press([['t', 0]])).toEqual([null]);
});

it('? opens the list, and what the browser has is left to it', () => {
  expect(press([['?', 0]])).toEqual([{ kind: 'help' }]);
  expect(
    press([
      ['g', 0],
      ['t', 100, true],
    ]).at(-1),
  ).toBeNull();
  expect(
    press([
      ['g', 0, true],
      ['t', 100],
    ]).at(-1),
  ).toBeNull();
});
