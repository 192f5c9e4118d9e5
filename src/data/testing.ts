import { type EventLog, LogBuilder, type Reading, Vocabulary } from './events.ts';

type Rows = readonly (readonly [user: string, item: string, time?: number])[];

/** What two files in long format, `source.csv` and `target.csv`, would be read as; timed if their first rows are. For tests. */
export function readingOf(source: Rows, target: Rows): Reading {
  const users = new Vocabulary();
  const log = (rows: Rows): EventLog => {
    const builder = new LogBuilder(users, new Vocabulary(), rows[0][2] !== undefined);
    for (const [user, item, time] of rows) builder.add(user, item, time ?? 0);
    return builder.build();
  };
  const [sourceLog, targetLog] = [log(source), log(target)];
  return {
    files: ['source.csv', 'target.csv'],
    task: 'ranking',
    users: users.names,
    pretrainingUsers: null,
    timed: sourceLog.isTimed && targetLog.isTimed,
    source: sourceLog,
    target: targetLog,
  };
}
