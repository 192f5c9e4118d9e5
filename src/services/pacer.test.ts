import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

describe('pacer', () => {
  it('has a clock that stands still for what is done aside, paused meanwhile or not', async () => {
    const pacer = new Pacer();
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const before = pacer.now();
    await pacer.aside(() => wait(40));
    await pacer.aside(async () => {
      pacer.pause();
      await wait(40);
    });
    await wait(40);
    pacer.resume();
    expect(pacer.now() - before).toBeLessThan(20);
    await wait(40);
    expect(pacer.now() - before).toBeGreaterThan(30);
    pacer.dispose();
  });

  it('lets several loops wait at a time', async () => {
    const pacer = new Pacer();
    await Promise.all([pacer.settle(), pacer.settle(), pacer.listen()]);
    pacer.dispose();
  });

  it('lets something be done before a pause or an end takes effect', async () => {
    const pacer = new Pacer();
    const done: string[] = [];
    pacer.pause();
    const turn = pacer.turn(async () => void done.push('before'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(done).toEqual(['before']);
    pacer.stop();
    await expect(turn).rejects.toThrow('stopped');
    await expect(pacer.turn(async () => void done.push('again'))).rejects.toThrow('stopped');
    expect(done).toEqual(['before', 'again']);
    pacer.dispose();
  });

  it('holds, lets go, and ends even what is held', async () => {
    const pacer = new Pacer();
    await pacer.turn();
    pacer.pause();
    let passed = false;
    const held = pacer.turn().then(() => {
      passed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(passed).toBe(false);
    pacer.resume();
    await held;
    expect(passed).toBe(true);
    expect(pacer.now()).toBeLessThan(performance.now() - 9);
    pacer.pause();
    const ended = pacer.turn();
    pacer.stop();
    await expect(ended).rejects.toThrow('The run was stopped.');
    pacer.dispose();
  });
});
