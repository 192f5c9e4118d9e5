import { describe, expect, it } from 'vitest';
import { inTurn } from './inTurn.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('inTurn', () => {
  it('has one piece of work on its way, and skips what was given up meanwhile', async () => {
    const turn = inTurn();
    const begun: string[] = [];
    const heard: string[] = [];
    let underway = 0;
    const ask = (name: string) =>
      turn(
        async () => {
          begun.push(name);
          expect(++underway).toBe(1);
          await soon();
          underway--;
          return name;
        },
        (value) => heard.push(value),
        () => {},
      );
    const giveUpFirst = ask('first');
    await Promise.resolve();
    giveUpFirst();
    ask('second')();
    ask('third');
    await soon();
    await soon();
    await soon();
    expect(begun).toEqual(['first', 'third']);
    expect(heard).toEqual(['third']);
  });

  it('tells of an error, and goes on', async () => {
    const turn = inTurn();
    const heard: string[] = [];
    const tell = (text: string) => void heard.push(text);
    turn(
      () => Promise.reject(new Error('lost')),
      tell,
      ({ message }) => tell(message),
    );
    turn(
      async () => 'found',
      tell,
      ({ message }) => tell(message),
    );
    await soon();
    expect(heard).toEqual(['lost', 'found']);
  });
});
