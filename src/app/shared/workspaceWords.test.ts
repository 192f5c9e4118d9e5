import { expect, it } from 'vitest';
import { takenWords } from './workspaceWords.ts';

const none = { added: 0, known: 0 };
const taken = { datasets: none, runs: none, experiments: none, pretrained: none, waiting: 0, datasetId: null, problems: [] };

it('says what came of a workspace', () => {
  expect(takenWords(taken)).toEqual(['Nothing came that was not here.']);
  const some = { ...taken, datasets: { added: 1, known: 1 }, runs: { added: 12, known: 3 }, waiting: 2 };
  expect(takenWords(some)).toEqual([
    'New here: 1 dataset and 12 runs.',
    'Here already, and not stored twice: 1 dataset and 3 runs.',
    '2 runs had not finished: go on on the Train page, or with the experiment.',
  ]);
});
