import type { EventLog, Reading } from './events.ts';
import type { Steps } from './steps.ts';

/** From when to when the events of a reading are. */
export interface TimeSpan {
  readonly first: number;
  readonly last: number;
  /** Milliseconds since 1970; else numbers that only order, as the files have them. */
  readonly isDates: boolean;
}

/** 1973-03-03 as seconds, and as milliseconds. Smaller numbers may count anything. */
const SECONDS = 1e8;
export const MILLISECONDS = 1e11;

/**
 * Milliseconds of a log's unit. Logs hold numbers alone; but seconds and milliseconds of our time are of different sizes, and
 * whatever is read as a date is one of them. Null: no dates, or no times.
 */
function unitOf(span: { readonly first: number; readonly last: number } | null): number | null {
  if (span === null || span.first < SECONDS) return null;
  if (span.last < MILLISECONDS) return 1000;
  return span.first >= MILLISECONDS ? 1 : null;
}

function* extremesOf(log: EventLog): Steps<{ readonly first: number; readonly last: number } | null> {
  if (!log.isTimed || log.length === 0) return null;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of log.chunks()) {
    for (const t of time ?? []) {
      if (t < first) first = t;
      if (t > last) last = t;
    }
    yield;
  }
  return { first, last };
}

/** How a range is compared with the times of each log; null where a log has no times of the kind that the range is of. */
export interface Clock {
  readonly span: TimeSpan | null;
  /** What a time of the source (target) log is multiplied with. */
  readonly source: number | null;
  readonly target: number | null;
}

/** Reads the times of both logs, once. Where one has dates and the other plain numbers, ranges are of dates. */
export function* clockOf({ source, target }: Pick<Reading, 'source' | 'target'>): Steps<Clock> {
  const spans = [yield* extremesOf(source), yield* extremesOf(target)];
  const units = spans.map(unitOf);
  const isDates = units.some((unit) => unit !== null);
  const scales = spans.map((span, i) => (isDates ? units[i] : span === null ? null : 1));
  const ends = spans.flatMap((span, i) => {
    const scale = scales[i];
    return span === null || scale === null ? [] : [span.first * scale, span.last * scale];
  });
  const span = ends.length === 0 ? null : { first: Math.min(...ends), last: Math.max(...ends), isDates };
  return { span, source: scales[0], target: scales[1] };
}
