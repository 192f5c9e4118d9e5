/** One event of Chromium's tracing; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of that, what the thread itself computed: the rest it waited for a core. */
  readonly tdur?: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What the tasks of a page's main thread are read from. */
export const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel', '__metadata'];

/** How busy a main thread was. */
export interface Busy {
  /** Milliseconds of each of its tasks. */
  readonly tasks: readonly number[];
  /** Of that, what was computed: what else the machine does is not in it. */
  readonly computed: readonly number[];
  /** What the longest task consisted of: the largest of what was done in it. */
  readonly worst: string;
  /** The same of the one that computed most. */
  readonly heaviest: string;
}

/** The tasks of the page's main thread, of a trace as Chromium writes it. */
export function busyOf(events: readonly TraceEvent[]): Busy {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const of = (main: TraceEvent) => events.filter(({ pid, tid }) => pid === main.pid && tid === main.tid);
  // Chromium keeps a spare renderer, which does nothing.
  const busiest = mains.map(of).reduce((a, b) => (b.filter(isTask).length > a.filter(isTask).length ? b : a), []);
  const tasks = busiest.filter(isTask);
  const worstBy = (time: (task: TraceEvent) => number) =>
    consistsOf(
      tasks.reduce((a, b) => (time(b) > time(a) ? b : a), tasks[0]),
      busiest,
    );
  return {
    tasks: tasks.map(clockTime),
    computed: tasks.map(computedTime),
    worst: worstBy(clockTime),
    heaviest: worstBy(computedTime),
  };
}

export const isTask = ({ name }: TraceEvent): boolean => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask';
const clockTime = ({ dur }: TraceEvent): number => (dur ?? 0) / 1000;
const computedTime = ({ tdur }: TraceEvent): number => (tdur ?? 0) / 1000;

function consistsOf(task: TraceEvent | undefined, events: readonly TraceEvent[]): string {
  if (task === undefined) return 'nothing';
  return events
    .filter((event) => !isTask(event) && event.ts >= task.ts && event.ts + (event.dur ?? 0) <= task.ts + (task.dur ?? 0))
    .toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
    .slice(0, 5)
    .map((event) => `${nameOf(event)} ${clockTime(event).toFixed(1)}`)
    .join(', ');
}

/** With what kind of event was dispatched, and of a function where it stands: the last part of its address, its line and column. */
function nameOf({ name, args }: TraceEvent): string {
  const { type, url, lineNumber, columnNumber } = (args.data ?? {}) as Partial<Record<string, string | number>>;
  const place = url === undefined ? type : `${String(url).split('/').at(-1)}:${lineNumber}:${columnNumber}`;
  return place === undefined ? name : `${name} (${place})`;
}
