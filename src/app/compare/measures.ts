import type { RunRow } from '../../storage/database.ts';

/** Something that was measured or counted of a finished run, beside its metrics. */
export interface Measure {
  readonly id: string;
  /** With its unit. */
  readonly title: string;
  /** Null where the run does not have it. */
  readonly of: (run: RunRow) => number | null;
  readonly write: (value: number) => string;
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const MEASURES: readonly Measure[] = [
  {
    id: 'fineTunedShare',
    title: 'share of fine-tuned blocks',
    of: ({ result }) => (result?.policy ? mean(result.policy.utilisation) : null),
    write: (value) => value.toFixed(2),
  },
  {
    id: 'operations',
    title: 'operations a recommendation',
    of: ({ result }) => result?.cost?.operations ?? null,
    write: (value) => compact.format(value),
  },
  {
    id: 'milliseconds',
    title: 'milliseconds a recommendation',
    of: ({ result }) => (result?.seconds.recommendation == null ? null : 1000 * result.seconds.recommendation),
    write: (value) => plain.format(value),
  },
  {
    id: 'trained',
    title: 'trained parameters',
    of: ({ result }) => result?.cost?.trained ?? null,
    write: (value) => compact.format(value),
  },
  {
    id: 'fineTuningSeconds',
    title: 'fine-tuning time (s)',
    of: ({ result }) => result?.seconds.fineTuning ?? null,
    write: (value) => plain.format(value),
  },
  {
    id: 'bestEpoch',
    title: 'best epoch',
    // 0: it is not trained.
    of: ({ result }) => result?.bestEpoch || null,
    write: (value) => plain.format(value),
  },
];

/** Any number, with no more digits than one reads. */
export const writeNumber = (value: number): string => plain.format(value);
