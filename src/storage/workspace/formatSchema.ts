import * as z from 'zod/mini';
import type { FileFormat } from '../../data/import/format.ts';
import { separatorProblem } from '../../data/import/separators.ts';
import { TIME_UNITS } from '../../data/import/times.ts';
import { count } from '../../results/runFile.ts';

/** More columns than any table that is read. */
const MOST_COLUMNS = 1000;

const column = count.check(z.maximum(MOST_COLUMNS));
const text = z.string().check(z.maxLength(10_000));
const separator = text.check(z.refine((written) => separatorProblem(written) === null));
const timeUnit = z.enum(TIME_UNITS);
const rows = z.union([
  z.object({ kind: z.literal('delimited'), separator, header: z.boolean(), width: column }),
  z.object({ kind: z.enum(['json-lines', 'parquet']), fields: z.array(text).check(z.maxLength(MOST_COLUMNS)) }),
]);
const events = { rows, user: column, item: column, time: z.nullable(column), timeUnit, isOrdered: z.boolean() };

/** How a file is read. Whether it fits to a file shows when that is read. */
export const fileFormat: z.ZodMiniType<FileFormat> = z.discriminatedUnion('format', [
  z.object({ format: z.enum(['long', 'labels']), ...events }),
  z.object({ format: z.literal('domains'), ...events, domain: column, source: text, target: text }),
  z.object({
    format: z.literal('sequences'),
    separator,
    hasUser: z.boolean(),
    pair: z.nullable(text.check(z.minLength(1))),
    timeUnit,
  }),
  z.object({ format: z.enum(['pretraining-lines', 'fine-tuning-lines']) }),
  z.object({ format: z.literal('names'), rows, item: column, name: column }),
  z.object({ format: z.literal('attributes'), rows, user: column }),
]);
