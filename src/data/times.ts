import type { EventLog, Reading } from './events.ts';
import { inMilliseconds } from './import/times.ts';
import type { Steps } from './steps.ts';

/** From when to when the events of a reading are. */
export interface TimeSpan {
  readonly first: number;
  readonly last: number;
  /** Milliseconds since 1970; else numbers that only order, as the files have them. */
  readonly isDates: boolean;
  /** The one domain whose times are of this kind, where the other has others, or none: ranges leave nothing of that one out. */
  readonly only: 'source' | 'target' | null;
}

interface Extremes {
  readonly first: number;
  readonly last: number;
}

/** Milliseconds from or to 1970 that a date can have. */
export const FURTHEST = 8.64e15;

/** From a log's times to moments; null where they are no dates. Dates beyond all dates are none: the unit was another one. */
function clockOfLog({ timeUnit }: EventLog, span: Extremes | null): ((time: number) => number) | null {
  if (span === null || timeUnit === null || timeUnit === 'number') return null;
  const moment = (time: number) => inMilliseconds(time, timeUnit);
  return Math.max(-moment(span.first), moment(span.last)) <= FURTHEST ? moment : null;
}

function* extremesOf(log: EventLog): Steps<Extremes | null> {
  if (log.timeUnit === null || log.length === 0) return null;
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
  /** From a time of the source (target) log to what the range is of. */
  readonly source: ((time: number) => number) | null;
  readonly target: ((time: number) => number) | null;
}

const itself = (time: number): number => time;

/** Reads the times of both logs, once. Where one has dates and the other plain numbers, ranges are of dates. */
export function* clockOf({ source, target }: Pick<Reading, 'source' | 'target'>): Steps<Clock> {
  const spans = [yield* extremesOf(source), yield* extremesOf(target)];
  const moments = [clockOfLog(source, spans[0]), clockOfLog(target, spans[1])];
  const isDates = moments.some((moment) => moment !== null);
  const clocks = isDates ? moments : spans.map((span) => (span === null ? null : itself));
  const ends = spans.flatMap((span, i) => {
    const clock = clocks[i];
    return span === null || clock === null ? [] : [clock(span.first), clock(span.last)];
  });
  const only: TimeSpan['only'] = clocks[1] === null ? 'source' : clocks[0] === null ? 'target' : null;
  const span = ends.length === 0 ? null : { first: Math.min(...ends), last: Math.max(...ends), isDates, only };
  return { span, source: clocks[0], target: clocks[1] };
}
