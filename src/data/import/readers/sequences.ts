import { ImportError } from '../../errors.ts';
import { type EventLog, LogBuilder, Vocabulary } from '../../events.ts';
import { BadRows } from '../badRows.ts';
import type { SequencesFormat } from '../format.ts';
import type { ParseOptions } from '../parse.ts';
import { problemOfLine, sequenceOf } from '../sequences.ts';
import type { SourceFile } from '../text.ts';
import { parseTime } from '../times.ts';
import { readLines } from './lines.ts';

/**
 * Reads a file with a user's items on each line. Without users in it, users are the lines: `line-1`, `line-2`, …, the same in both
 * domains.
 *
 * @throws ImportError, BadRowsError
 */
export async function parseSequences(
  file: SourceFile,
  format: SequencesFormat,
  users: Vocabulary,
  options: ParseOptions,
): Promise<EventLog> {
  const unit = format.pair === null ? null : format.timeUnit;
  const log = new LogBuilder(users, new Vocabulary(), unit, options.scratch);
  const bad = new BadRows();
  let good = 0;
  for await (const lines of readLines(file, options)) {
    for (const { line, text } of lines) {
      const sequence = sequenceOf(text, format);
      const what = problemOfLine(sequence, format);
      if (what !== null) {
        bad.add(line, what);
        continue;
      }
      good++;
      const user = sequence.user ?? `line-${line}`;
      for (const { item, time } of sequence.items) log.add(user, item, time === null ? 0 : parseTime(time, format.timeUnit));
    }
  }
  bad.settle(file.name, good, options);
  if (good === 0) throw new ImportError(`${file.name} has no items. Expected a user’s items on each line.`);
  return log.build();
}
