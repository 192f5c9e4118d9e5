import type { Protocol } from '../../engine/evaluation/metrics.ts';

/** What the page shows, as far as a link to it says: null where it leaves the choice to the page. */
export interface CompareAddress {
  /** The chosen runs. */
  readonly runs: readonly number[] | null;
  readonly rows: 'runs' | 'seeds';
  readonly metric: string | null;
  readonly protocol: Protocol;
  /** Whether the columns are the keys in which the shown runs differ. */
  readonly differs: boolean;
  readonly columns: readonly string[] | null;
  readonly method: string | null;
  readonly dataset: number | null;
  readonly status: string | null;
  /** An experiment, whose runs are shown and, where `runs` is null, chosen. */
  readonly experiment: number | null;
}

const wholeNumber = (text: string | null): number | null => (text !== null && /^\d+$/.test(text) ? Number(text) : null);

/** Reads `experiment=2&runs=1-3,7&rows=seeds&columns=metric,seed&…`. What is not understood counts as not given. */
export function readAddress(search: URLSearchParams): CompareAddress {
  const runs = search.get('runs');
  const columns = search.get('columns');
  return {
    runs: runs === null ? null : readIds(runs),
    rows: search.get('rows') === 'seeds' ? 'seeds' : 'runs',
    metric: search.get('metric'),
    protocol: search.get('protocol') === 'all' ? 'all' : 'sampled',
    differs: search.get('differs') === '1',
    columns: columns === null ? null : columns.split(',').filter((column) => column !== ''),
    method: search.get('method'),
    dataset: wholeNumber(search.get('dataset')),
    status: search.get('status'),
    experiment: wholeNumber(search.get('experiment')),
  };
}

/** More ids than any browser has runs. */
const MOST_IDS = 100_000;

/** “1-3,7” → [1, 2, 3, 7]; of more than `MOST_IDS` the first ones: a few letters can ask for any number. */
export function readIds(text: string): number[] {
  const ids = new Set<number>();
  for (const part of text.split(',')) {
    const span = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (span === null) continue;
    const last = Number(span[2] ?? span[1]);
    for (let id = Number(span[1]); id <= last; id++) {
      if (ids.size === MOST_IDS || !Number.isSafeInteger(id)) break;
      ids.add(id);
    }
  }
  return Array.from(ids);
}

/** [1, 2, 3, 7] → “1-3,7”: thousands of runs fit into an address. */
export function writeIds(ids: readonly number[]): string {
  const spans: [number, number][] = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && id <= last[1] + 1) last[1] = id;
    else spans.push([id, id]);
  }
  return spans.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
