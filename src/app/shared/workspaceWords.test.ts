import { expect, it } from 'vitest';
import { exportedTitle, takenWords } from './workspaceWords.ts';

const none = { added: 0, known: 0 };
const taken = {
  datasets: none,
  runs: none,
  experiments: none,
  pretrained: none,
  completed: 0,
  waiting: 0,
  datasetId: null,
  problems: [],
};

it('says what came of a workspace', () => {
  expect(takenWords(taken)).toEqual(['Nothing new came.']);
  const some = { ...taken, datasets: { added: 1, known: 1 }, runs: { added: 12, known: 3 }, completed: 1, waiting: 2 };
  expect(takenWords(some)).toEqual([
    'New here: 1 dataset and 12 runs.',
    'Here already, and not stored twice: 1 dataset and 3 runs.',
    'What had been cleaned up of 1 run is here again.',
    '2 runs had not finished: resume on the Train page, or with the experiment.',
  ]);
});

it('does not call everything exported where something is left out', () => {
  expect(exportedTitle({ leftOut: [] })).toBe('Everything is exported');
  expect(exportedTitle({ leftOut: ['Run 1: It is damaged.'] })).toBe('Exported, but not all');
});
