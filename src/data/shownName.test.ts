import { describe, expect, it } from 'vitest';
import { shownName } from './shownName.ts';

describe('shownName', () => {
  it('shows what would turn the words around it, or not be seen at all', () => {
    expect(shownName('music\u202evsc.exe')).toBe('music\ufffdvsc.exe');
    expect(shownName('a\u2066b\u2069\nc\0')).toBe('a\ufffdb\ufffd\ufffdc\ufffd');
  });

  it('leaves other names as they are, whatever their letters', () => {
    for (const name of ['music.csv', 'موسيقى.csv', 'Müsli – 音楽 👩‍🚀.csv']) expect(shownName(name)).toBe(name);
  });
});
