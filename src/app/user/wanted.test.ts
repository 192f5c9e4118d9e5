import { describe, expect, it } from 'vitest';
import type { SubjectTarget } from '../../services/protocol.ts';
import { cautionAbout, targetIndex, targetLines, wantedOf } from './wanted.ts';

const target = (number: number, part: SubjectTarget['part']): SubjectTarget => ({
  item: { number, id: `i${number}`, name: null },
  instance: 100 + number,
  part,
});
const targets = [target(4, 'train'), target(7, 'test'), target(9, 'test')];

describe('what is looked for', () => {
  it('is the first test target, or the first, unless another one is chosen', () => {
    expect(targetIndex({ targets }, null)).toBe(1);
    expect(targetIndex({ targets }, 3)).toBe(2);
    expect(targetIndex({ targets }, 4)).toBe(1);
    expect(targetIndex({ targets: [target(4, 'train')] }, null)).toBe(0);
    expect(targetIndex({ targets: [] }, 1)).toBeNull();
  });

  it('has the candidates of its instance, which an item for a composed sequence has not', () => {
    expect(wantedOf({ id: 'u', targets }, 3, 1)).toEqual({ item: 9, instance: 109 });
    expect(wantedOf({ id: null, targets: [] }, 3, 1)).toEqual({ item: 1, instance: null });
    expect(wantedOf({ id: null, targets: [] }, null, null)).toBeNull();
  });

  it('is listed by name and part, numbered where that is not enough', () => {
    const twice = [target(4, 'train'), target(4, 'train'), target(4, 'test'), target(9, 'train')];
    expect(targetLines({ targets: twice })).toEqual([
      'i4 (training, no. 1)',
      'i4 (training, no. 2)',
      'i4 (test)',
      'i9 (training)',
    ]);
  });

  it('comes with a caution where the model has seen it', () => {
    expect(cautionAbout('train')).toContain('has seen it');
    expect(cautionAbout('test')).toBeNull();
  });
});
