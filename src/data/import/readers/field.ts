/** A value of JSON or Parquet as the text of a field; a list or an object has none. */
export interface Field {
  readonly text: string;
  readonly isNested: boolean;
}

/** So much of a list or object is shown. */
const SHOWN = 80;

export function fieldOf(value: unknown): Field {
  switch (typeof value) {
    case 'string':
      return { text: value, isNested: false };
    case 'undefined':
      return { text: '', isNested: false };
    case 'number':
    case 'bigint':
    case 'boolean':
      return { text: String(value), isNested: false };
    default:
      return value === null ? { text: '', isNested: false } : { text: shown(value), isNested: true };
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? '';
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
