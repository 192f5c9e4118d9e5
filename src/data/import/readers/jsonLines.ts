import { quoted } from '../../errors.ts';
import type { Row } from '../rows.ts';
import type { ReadOptions, SourceFile } from '../text.ts';
import { fieldOf } from './field.ts';
import { readLines } from './lines.ts';

/** An object inside the object of a line gives fields such as `user.id`; what lies deeper is no field. */
const STEP = '.';

/** The names of the fields of some lines, in order of first appearance; lines that are no object have none. */
export function fieldsOfLines(lines: readonly string[]): string[] {
  const fields = new Set<string>();
  for (const line of lines) {
    const object = objectIn(line);
    if (typeof object === 'string') continue;
    for (const [name, value] of Object.entries(object)) {
      if (isObject(value)) for (const inner of Object.keys(value)) fields.add(name + STEP + inner);
      else fields.add(name);
    }
  }
  return [...fields];
}

/**
 * The rows of a file with a JSON object on each line; a field that an object lacks is empty.
 *
 * @param wanted the fields that are used, by their places: only they must have one value each
 * @param ids those of users and items: their numbers must be exact
 */
export async function* readJsonLines(
  file: SourceFile,
  fields: readonly string[],
  wanted: readonly number[],
  ids: readonly number[],
  options: ReadOptions,
): AsyncGenerator<Row[]> {
  for await (const lines of readLines(file, options))
    yield lines.map(({ line, text }) => jsonRow(line, text, fields, wanted, ids));
}

/** One line as a row. */
export function jsonRow(
  line: number,
  text: string,
  fields: readonly string[],
  wanted: readonly number[],
  ids: readonly number[],
): Row {
  const object = objectIn(text);
  if (typeof object === 'string') return { line, fields: [], problem: object };
  const rounded = ids.find((id) => isRounded(valueIn(object, fields[id])));
  if (rounded !== undefined) return { line, fields: [], problem: `“${fields[rounded]}” ${TOO_LARGE}` };
  let problem: string | null = null;
  const values = fields.map((name, f) => {
    const field = fieldOf(valueIn(object, name));
    if (field.isNested && wanted.includes(f))
      problem ??= `${quoted(name)} is a list or an object (${field.text}); expected one value`;
    return field.text;
  });
  return { line, fields: values, problem };
}

/** Of larger numbers JSON.parse gives one near by: two users would become one. */
const isRounded = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
const TOO_LARGE = `is a number beyond ${Number.MAX_SAFE_INTEGER}, which cannot be read exactly; write such ids in quotes`;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of an object, or of an object in it. Only what the line itself says: no prototype is asked. */
function valueIn(object: Json, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  for (let step = name.indexOf(STEP); step >= 0; step = name.indexOf(STEP, step + 1)) {
    const outer = name.slice(0, step);
    if (!Object.hasOwn(object, outer)) continue;
    const inner = object[outer];
    const rest = name.slice(step + 1);
    return isObject(inner) && Object.hasOwn(inner, rest) ? inner[rest] : undefined;
  }
  return undefined;
}

/** The object of a line; or what is wrong with it. */
function objectIn(text: string): Json | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    return `is no JSON (${text.slice(0, 30)}…)`;
  }
  return isObject(value) ? value : 'is JSON, but no object with fields';
}
