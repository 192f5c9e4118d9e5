import { expect, test } from '@playwright/test';
import { randomStream } from '../src/data/random.ts';
import { differences } from './chaos/differences.ts';
import type { Kill } from './chaos/kills.ts';
import { SHORT_QUEUE } from './chaos/queue.ts';
import { disturbed, undisturbed } from './chaos/rounds.ts';
import { inProfile } from './chaos/session.ts';

/** Of each kind one, while most of the queue is still to come: `npm run chaos` has many more. */
const KILLS: readonly Kill[] = [
  { victim: 'tab taken over', when: 'a checkpoint’s file is written', nth: 1 },
  { victim: 'worker ended', when: 'an epoch is stored', nth: 1 },
  { victim: 'tab crashed', when: 'a checkpoint’s row is written', nth: 1 },
  { victim: 'browser killed', when: 'an epoch is stored', nth: 1 },
  { victim: 'tab reloaded', when: 'the result is stored', nth: 1 },
];

test('whatever is killed, a queue comes to what it comes to undisturbed', async ({ baseURL }) => {
  const url = `${baseURL}/`;
  const { backend } = SHORT_QUEUE;
  const reference = await inProfile(url, backend, (session) => undisturbed(session, SHORT_QUEUE, url));
  const left = [...KILLS];
  const { kills, wrong } = await inProfile(url, backend, (session) => {
    const draw = () => left.shift() ?? null;
    return disturbed(session, SHORT_QUEUE, url, reference, randomStream(1, 'chaos'), draw, () => {});
  });
  expect(wrong).toEqual([]);
  // On a busy machine a run, or even the queue, may end before the moment comes that was waited for.
  expect(kills.length).toBeGreaterThan(3);
  expect(kills.filter(({ when, reached }) => when === reached).length).toBeGreaterThan(2);
});

test('of two queues nothing different is missed', () => {
  const runs = { 1: { status: 'finished', metrics: [0.5], model: new Float32Array([1, 2]) }, 2: { error: null } };
  expect(differences(runs, structuredClone(runs), 0)).toEqual([]);
  const other = structuredClone(runs);
  other[1].metrics[0] = 0.500001;
  other[1].model[1] = 2.00001;
  expect(differences(runs, other, 0)).toHaveLength(2);
  expect(differences(runs, other, 1e-5)).toEqual([]);
  expect(differences(runs, { 1: runs[1] }, 0)).toEqual(['2: {"error":null} became nothing']);
  expect(differences({ 1: runs[1] }, runs, 0)).toHaveLength(1);
  const shorter = { ...runs, 1: { ...runs[1], model: new Float32Array([1]) } };
  expect(differences(runs, shorter, 1)).toEqual(['1.model: 2 numbers became 1 numbers']);
});
