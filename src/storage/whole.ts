import type { DBCore, DBCoreTable, Middleware } from 'dexie';

/** What is wrong with a row, in words; null where it has the shape it should. */
export type Check = (row: unknown) => string | null;

/** A row that does not have the shape it should. */
export interface DamagedRow {
  readonly table: string;
  readonly key: number | string | readonly (number | string)[];
  readonly reason: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

type Kind = 'number' | 'string' | 'boolean' | 'fields' | 'list';

const isKind = (value: unknown, kind: Kind): boolean =>
  kind === 'fields' ? isFields(value) : kind === 'list' ? Array.isArray(value) : typeof value === kind;

/** Checks some fields: those with `?` may be null or not there. */
function fields(kinds: Readonly<Record<string, Kind | `${Kind}?`>>): Check {
  const expected = Object.entries(kinds).map(([name, kind]) => {
    const optional = kind.endsWith('?');
    return { name, kind: (optional ? kind.slice(0, -1) : kind) as Kind, optional };
  });
  return (row) => {
    if (!isFields(row)) return 'it is no record';
    for (const { name, kind, optional } of expected) {
      const value = row[name];
      if (optional && (value === null || value === undefined)) continue;
      if (!isKind(value, kind)) return value === undefined ? `“${name}” is missing` : `“${name}” is not what it should be`;
    }
    return null;
  };
}

/** Checks a field of fields too, where it is there. */
const within =
  (name: string, check: Check): Check =>
  (row) => {
    const value = isFields(row) ? row[name] : null;
    const reason = value === null || value === undefined ? null : check(value);
    return reason === null ? null : `in “${name}”, ${reason}`;
  };

const all =
  (...checks: readonly Check[]): Check =>
  (row) => {
    for (const check of checks) {
      const reason = check(row);
      if (reason !== null) return reason;
    }
    return null;
  };

const STATUSES: readonly unknown[] = ['held', 'queued', 'running', 'paused', 'finished', 'stopped', 'failed', 'interrupted'];

/** What pages read of the tables whose rows they list; large contents are checked where they are used. */
export const CHECKS: Readonly<Record<string, Check>> = {
  datasets: all(
    fields({
      id: 'number',
      name: 'string',
      origin: 'fields',
      task: 'string',
      settings: 'fields',
      figures: 'fields',
      notes: 'list',
    }),
    within('figures', fields({ sourceUsers: 'number', sourceItems: 'number', targetItems: 'number', instances: 'number' })),
    within('origin', fields({ kind: 'string' })),
  ),
  runs: all(
    fields({
      id: 'number',
      datasetId: 'number',
      datasetName: 'string',
      configuration: 'fields',
      preset: 'string',
      status: 'string',
      position: 'number',
      error: 'fields?',
      backend: 'fields?',
      pretraining: 'list',
      result: 'fields?',
    }),
    (row) => (isFields(row) && STATUSES.includes(row.status) ? null : '“status” is none of a run'),
    within(
      'configuration',
      fields({
        method: 'string',
        seed: 'number',
        dilations: 'list',
        fineTuning: 'fields',
        pretraining: 'fields',
        evaluation: 'fields',
      }),
    ),
    within('result', all(fields({ bestEpoch: 'number', test: 'fields' }), within('test', fields({ n: 'number' })))),
    within('error', fields({ message: 'string' })),
  ),
  epochs: fields({ runId: 'number', epoch: 'number', trainLoss: 'number', validation: 'fields', policy: 'fields?' }),
  experiments: all(fields({ id: 'number', experiment: 'fields' }), within('experiment', fields({ name: 'string' }))),
};

/**
 * Hides damaged rows from whoever only reads, and tells of each: one of them must not take a page with it. What writes sees rows as
 * they are, and so does what brings them to a later form.
 */
export const wholeRows = (checks: Readonly<Record<string, Check>>, tell: (row: DamagedRow) => void): Middleware<DBCore> => ({
  stack: 'dbcore',
  name: 'whole rows',
  create: (core) => ({
    ...core,
    table: (name) => {
      const table = core.table(name);
      const check = checks[name];
      return check === undefined ? table : onlyWhole(table, check, tell);
    },
  }),
});

function onlyWhole(table: DBCoreTable, check: Check, tell: (row: DamagedRow) => void): DBCoreTable {
  const isWhole = (row: unknown): boolean => {
    if (row === undefined) return true;
    const reason = check(row);
    if (reason !== null) tell({ table: table.name, key: table.schema.primaryKey.extractKey?.(row) ?? '?', reason });
    return reason === null;
  };
  return {
    ...table,
    // Dexie's own promises: its zones end where a native one begins.
    get: (request) => table.get(request).then((row: unknown) => (reads(request) && !isWhole(row) ? undefined : row)),
    getMany: (request) =>
      table
        .getMany(request)
        .then((rows: unknown[]) => (reads(request) ? rows.map((row) => (isWhole(row) ? row : undefined)) : rows)),
    query: (request) =>
      table
        .query(request)
        .then((response) =>
          reads(request) && request.values ? { ...response, result: response.result.filter(isWhole) } : response,
        ),
    openCursor: (request) =>
      table.openCursor(request).then((cursor) => {
        if (cursor === null || !reads(request) || !request.values) return cursor;
        return Object.create(cursor, {
          // What IndexedDB has getters for works on its own cursor alone.
          key: { get: () => cursor.key },
          primaryKey: { get: () => cursor.primaryKey },
          value: { get: () => cursor.value },
          start: {
            value: (onNext: () => void) => cursor.start(() => (isWhole(cursor.value) ? onNext() : cursor.continue())),
          },
        });
      }),
  };
}

/** A transaction of IndexedDB says its mode; Dexie's type for it does not. */
const reads = ({ trans }: { readonly trans: object }): boolean => 'mode' in trans && trans.mode === 'readonly';
