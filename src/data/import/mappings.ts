import { type FileFormat, isTable, widthOf } from './format.ts';

/**
 * What files like one have in common: what they are about, how their rows are written, and the names of their columns, or how many
 * there are. Corrections of one are offered for the next.
 */
export function mappingKey(format: FileFormat, columns: readonly string[]): string {
  if (format.format === 'sequences') return keyOf('events', format.format, format.separator, format.pair ?? '');
  if (!isTable(format)) return keyOf('events', format.format);
  const { rows } = format;
  const about = format.format === 'names' || format.format === 'attributes' ? format.format : 'events';
  if (rows.kind === 'delimited')
    return keyOf(about, rows.kind, rows.separator, ...(rows.header ? columns : [String(widthOf(rows))]));
  // The fields of a line of JSON have no order.
  return keyOf(about, rows.kind, ...(rows.kind === 'json-lines' ? columns.toSorted() : columns));
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);
