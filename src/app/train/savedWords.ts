import { epochWords, positionWords } from '../../storage/checkpoints.ts';
import type { CheckpointRow, RunRow } from '../../storage/database.ts';
import { date, duration } from '../format.ts';

/** “saved 20 s ago: epoch 3, step 40”. @param now in milliseconds, as `savedAt` */
export function savedWords(checkpoint: CheckpointRow, now: number): string {
  const seconds = (now - checkpoint.savedAt) / 1000;
  return `saved ${seconds < 1 ? 'just now' : `${duration(seconds)} ago`}: ${positionWords(checkpoint)}`;
}

/** “Resume from epoch 3”, “Resume from the end of epoch 2 of pre-training”. */
export const resumeWords = ({ stage, epoch, step }: CheckpointRow): string =>
  `Resume from ${epochWords({ epoch, step })}${stage === 'pretraining' ? ' of pre-training' : ''}`;

/** What cannot be saved, since when, and what that means. */
export const unsavedWords = ({ since, message }: NonNullable<RunRow['unsaved']>): string =>
  `Not saved since ${date(since)}: training goes on, but if this page is closed, what was computed since then is computed again. ${message}`;
