import { describe, expect, it } from 'vitest';
import type { Fault } from '../../state/faults.ts';
import { damagedName, faultWords, wordsOnRun } from './faultWords.ts';

const unsaved = { what: ['a', 'b', 'c', 'd', 'e'], since: 0, why: 'full' } as const;

const FAULTS: readonly Fault[] = [
  { kind: 'worker-died', worker: 'training', message: 'boom', runId: 1 },
  { kind: 'worker-died', worker: 'import', message: 'boom', runId: null },
  { kind: 'worker-silent', worker: 'training', runId: 1 },
  { kind: 'device-lost', message: 'unplugged', runId: 1 },
  { kind: 'out-of-memory', where: 'gpu', message: 'Full.', runId: 1 },
  { kind: 'out-of-memory', where: 'cpu', message: 'Full.', runId: 1 },
  { kind: 'not-saved', unsaved, runId: 1 },
  { kind: 'not-saved', unsaved: { ...unsaved, why: 'connection' }, runId: 1 },
  { kind: 'not-saved', unsaved, runId: null },
  { kind: 'waiting-lost', what: ['a'], runId: 1 },
  { kind: 'connection-lost' },
  { kind: 'connection-blocked' },
  { kind: 'emptied' },
  ...(['absent', 'newer', 'outdated', 'not-upgraded', 'unreadable'] as const).map(
    (why): Fault => ({ kind: 'closed', why, message: 'why.' }),
  ),
  { kind: 'damaged', rows: [{ table: 'runs', key: 12, reason: 'x' }] },
  { kind: 'interrupted', runIds: [1, 2], discarded: false },
  { kind: 'interrupted', runIds: [1], discarded: true },
  { kind: 'no-backend', message: 'None.' },
  { kind: 'files-unavailable', message: 'Not now.' },
  { kind: 'failed', message: 'Why.' },
];

describe('words of faults', () => {
  it('are different for each, and say what it means for what was saved', () => {
    const words = FAULTS.map((fault) => faultWords(fault));
    expect(new Set(words.map(({ title, text }) => title + text)).size).toBe(FAULTS.length);
    for (const { title, text } of words) {
      expect(title).not.toMatch(/\.$/);
      expect(text).toMatch(/[.]$/);
      expect(text).toMatch(/saved|stored|kept|as (it|they) (is|was|were)|nothing is lost|still there|brought back/i);
    }
  });

  it('name three of what waits, and how much more', () => {
    expect(faultWords(FAULTS[6]).text).toContain('a, b, c and 2 more');
  });

  it('offer a file where there is a button for it', () => {
    for (const fault of FAULTS.slice(6, 8)) {
      expect(faultWords(fault).text).toContain('closing this tab loses it; you can save it to a file');
      expect(faultWords(fault, true).text).toContain('closing the tab that trains loses it; there it can be saved');
    }
  });

  it('name what is damaged', () => {
    expect(damagedName({ table: 'runs', key: 12, reason: '' })).toBe('Run 12');
    expect(damagedName({ table: 'epochs', key: [12, 3], reason: '' })).toBe('Epoch 3 of run 12');
  });

  it('stand on the run that they concern', () => {
    expect(wordsOnRun(FAULTS, 1)).toMatch(/worker has stopped/);
    expect(wordsOnRun(FAULTS.slice(6), 1)).toMatch(/^not saved since .*: a, b, c and 2 more$/);
    expect(wordsOnRun(FAULTS, 2)).toBeNull();
  });
});
