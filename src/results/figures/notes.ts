import { thousands } from '../digits.ts';
import { distinct } from '../lists.ts';
import type { SeedGroup } from './groups.ts';

/** Which seeds the groups have, and what the spread is of. @param spread what stands for it: “bands” */
export function seedNote(groups: readonly SeedGroup[], spread: string): string {
  const seeds = distinct(groups.flatMap(({ runs }) => runs.map(({ report }) => report.seed))).sort((a, b) => a - b);
  if (groups.every(({ runs }) => runs.length === 1)) return `One run each (seed ${seeds.join(' or ')}): no spread over seeds.`;
  const counts = distinct(groups.map(({ runs }) => runs.length)).sort((a, b) => a - b);
  const each = counts.length === 1 ? `${counts[0]} seeds` : `${counts[0]} to ${counts[counts.length - 1]} seeds`;
  return `Means over ${each} (${seeds.join(', ')}); ${spread}: ± 1 standard deviation over the seeds.`;
}

/** On how many instances, and among what. @param part of the split */
export function protocolNote(groups: readonly SeedGroup[], part: 'validation' | 'test'): string {
  const runs = groups.flatMap((group) => group.runs);
  const sizes = distinct(
    runs.map(({ report }) => (part === 'test' ? report.test.n : (report.epochs.at(-1)?.validation.n ?? 0))),
  ).filter((n) => n > 0);
  const [{ dataset }] = runs;
  const what =
    dataset.task === 'profile' ? `one of ${dataset.candidates} classes` : `the target among ${dataset.candidates} candidates`;
  return `${part === 'test' ? 'Test' : 'Validation'} instances: ${sizes.map(thousands).join(' or ')}; ${what}.`;
}

/** Runs that chose their best epoch on what they are judged by. */
export const selectionNote = (groups: readonly SeedGroup[]): string[] =>
  groups.some(({ configuration }) => configuration.fineTuning.selectOn === 'test')
    ? [
        'Some runs choose their best epoch on the test instances: their results are too good, and their curves are of the test set.',
      ]
    : [];
