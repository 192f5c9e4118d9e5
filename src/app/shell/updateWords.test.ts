import { describe, expect, it } from 'vitest';
import { offlineWords, updateWords } from './updateWords.ts';

describe('words of a newer version', () => {
  it('ask for a reload, and say what stays', () => {
    expect(updateWords('waiting', false)).toEqual({
      title: 'A new version is ready',
      words: 'Reload to use it. Datasets, runs and results stay.',
    });
    expect(updateWords('taken', false).words).toMatch(/still shows the older.*Reload.*stay/);
  });

  it('ask for nothing while something trains, and say when they will', () => {
    for (const newer of ['waiting', 'taken'] as const) {
      const { words } = updateWords(newer, true);
      expect(words).toMatch(/when training ends/);
      expect(words).not.toMatch(/Reload/);
    }
  });
});

describe('words for use without a network', () => {
  it('promise nothing before it is true', () => {
    expect(offlineWords('unknown')).toMatch(/is being kept/);
    expect(offlineWords('now')).toBe(offlineWords('kept'));
    expect(offlineWords('kept')).toMatch(/works without a network/);
    expect(offlineWords({ problem: 'It does not.' })).toBe('It does not.');
  });
});
