/** One event of Chromium's tracing; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of that, what the thread itself computed: the rest it waited for a core. */
  readonly tdur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** How busy a main thread was. */
export interface Busy {
  /** Milliseconds of each of its tasks. */
  readonly tasks: readonly number[];
  /** Of that, what was computed: what else the machine does is not in it. */
  readonly computed: readonly number[];
  /** What the longest task consisted of: the largest of what was done in it. */
  readonly worst: string;
}

/** The tasks of the page's main thread, of a trace as Chromium writes it. */
export function busyOf(json: string): Busy {
  const { traceEvents } = JSON.parse(json) as { traceEvents: readonly TraceEvent[] };
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const of = (main: TraceEvent) => traceEvents.filter(({ pid, tid }) => pid === main.pid && tid === main.tid);
  const isTask = ({ name }: TraceEvent) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask';
  // Chromium keeps a spare renderer, which does nothing.
  const busiest = mains.map(of).reduce((a, b) => (b.filter(isTask).length > a.filter(isTask).length ? b : a), []);
  const tasks = busiest.filter(isTask);
  const longest = tasks.reduce((a, b) => ((b.dur ?? 0) > (a.dur ?? 0) ? b : a), tasks[0]);
  const inside = busiest
    .filter((event) => !isTask(event) && event.ts >= longest.ts && event.ts + (event.dur ?? 0) <= longest.ts + (longest.dur ?? 0))
    .toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
    .slice(0, 5);
  return {
    tasks: tasks.map(({ dur }) => (dur ?? 0) / 1000),
    computed: tasks.map(({ tdur }) => (tdur ?? 0) / 1000),
    worst: inside.map(({ name, dur, args }) => `${name}${placeOf(args)} ${((dur ?? 0) / 1000).toFixed(1)}`).join(', '),
  };
}

/** Where a function stands, of events that say it: the last part of its address, and its line and column. */
function placeOf({ data }: TraceEvent['args']): string {
  const { url, lineNumber, columnNumber } = (data ?? {}) as { url?: string; lineNumber?: number; columnNumber?: number };
  return url === undefined ? '' : ` (${url.split('/').at(-1)}:${lineNumber}:${columnNumber})`;
}
