import { describe, expect, it } from 'vitest';
import type { CheckpointRow } from '../../storage/database.ts';
import { resumeWords, savedWords, unsavedWords } from './savedWords.ts';

const row: CheckpointRow = {
  runId: 1,
  file: 'f',
  bytes: 1,
  checksum: 1,
  savedAt: 100_000,
  stage: 'fine-tuning',
  epoch: 3,
  step: 40,
};

describe('what is saved, in words', () => {
  it('says how long ago, and where', () => {
    expect(savedWords(row, 120_000)).toBe('saved 20 s ago: epoch 3, step 40');
    expect(savedWords(row, 100_400)).toBe('saved just now: epoch 3, step 40');
    // A clock that was set back.
    expect(savedWords(row, 0)).toBe('saved just now: epoch 3, step 40');
    expect(savedWords({ ...row, stage: 'pretraining', step: 0 }, 190_000)).toBe(
      'saved 1 min 30 s ago: pre-training, the end of epoch 2',
    );
  });

  it('says where a run goes on', () => {
    expect(resumeWords(row)).toBe('Resume from epoch 3');
    expect(resumeWords({ ...row, stage: 'pretraining', epoch: 2 })).toBe('Resume from epoch 2 of pre-training');
    // Of 20 epochs there is no 21st.
    expect(resumeWords({ ...row, epoch: 21, step: 0 })).toBe('Resume from the end of epoch 20');
    expect(resumeWords({ ...row, epoch: 1, step: 0 })).toBe('Resume from epoch 1');
    expect(savedWords({ ...row, epoch: 1, step: 0 }, 0)).toBe('saved just now: the beginning of epoch 1');
  });

  it('says what is not saved, and what that means', () => {
    expect(unsavedWords({ since: 0, message: 'It is full.' })).toMatch(
      /^Not saved since .*goes on.*computed again\. It is full\.$/,
    );
  });
});
