import { type EventLog, LogBuilder, type Reading, Vocabulary } from './events.ts';
import type { TimeUnit } from './import/times.ts';
import type { Scratch } from './scratch.ts';

type Rows = readonly (readonly [user: string, item: string, time?: number])[];

/**
 * What two files in long format, `source.csv` and `target.csv`, would be read as; timed if their first rows are. For tests.
 *
 * @param units of their times
 */
export function readingOf(source: Rows, target: Rows, units: readonly [TimeUnit, TimeUnit] = ['number', 'number']): Reading {
  const users = new Vocabulary();
  const log = (rows: Rows, unit: TimeUnit): EventLog => {
    const builder = new LogBuilder(users, new Vocabulary(), rows[0][2] === undefined ? null : unit);
    for (const [user, item, time] of rows) builder.add(user, item, time ?? 0);
    return builder.build();
  };
  const [sourceLog, targetLog] = [log(source, units[0]), log(target, units[1])];
  return {
    files: ['source.csv', 'target.csv'],
    task: 'ranking',
    users: users.names,
    pretrainingUsers: null,
    timed: sourceLog.timeUnit !== null && targetLog.timeUnit !== null,
    source: sourceLog,
    target: targetLog,
  };
}

/** A scratch whose bytes stay in memory. For tests. */
export function memoryScratch(): Scratch {
  let bytes = new Uint8Array();
  return {
    get size() {
      return bytes.length;
    },
    write: (more, at) => {
      const larger = new Uint8Array(Math.max(bytes.length, at + more.length));
      larger.set(bytes);
      larger.set(more, at);
      bytes = larger;
    },
    read: (into, at) => into.set(bytes.subarray(at, at + into.length)),
  };
}
