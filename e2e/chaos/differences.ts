/** A list of numbers as they are stored: typed arrays of any kind. */
type Numbers = ArrayLike<number> & ArrayBufferView;

const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value) && 'length' in value;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/**
 * Where two values are not the same, in words with their place; nothing where they are. Keys that are left out are the same as
 * `undefined`.
 *
 * @param tolerance the largest difference between two numbers, relative to the larger one; in typed arrays of floating-point
 *   numbers to the largest of the array. With 0 all has to be the same to the bit.
 */
export function differences(expected: unknown, found: unknown, tolerance: number, place = ''): string[] {
  if (isNumbers(expected) && isNumbers(found)) return ofNumbers(expected, found, tolerance, place);
  if (typeof expected === 'number' && typeof found === 'number') {
    const isSame = isWithin(expected, found, tolerance * Math.max(Math.abs(expected), Math.abs(found)));
    return isSame ? [] : [`${place}: ${expected} became ${found}`];
  }
  if (isFields(expected) && isFields(found) && Array.isArray(expected) === Array.isArray(found)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return Array.from(keys).flatMap((key) =>
      differences(expected[key], found[key], tolerance, place === '' ? key : `${place}.${key}`),
    );
  }
  return Object.is(expected, found) ? [] : [`${place}: ${words(expected)} became ${words(found)}`];
}

const isWithin = (a: number, b: number, most: number): boolean => Object.is(a, b) || Math.abs(a - b) <= most;

function ofNumbers(expected: Numbers, found: Numbers, tolerance: number, place: string): string[] {
  if (expected.length !== found.length || expected.constructor !== found.constructor)
    return [`${place}: ${words(expected)} became ${words(found)}`];
  const isExact = !(expected instanceof Float32Array || expected instanceof Float64Array);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  const most = isExact ? 0 : tolerance * largest;
  let [others, furthest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    if (isWithin(expected[i], found[i], most)) continue;
    others++;
    furthest = Math.max(furthest, Math.abs(expected[i] - found[i]));
  }
  return others === 0
    ? []
    : [`${place}: ${others} of ${expected.length} numbers are others, by up to ${furthest.toPrecision(3)}`];
}

function words(value: unknown): string {
  if (isNumbers(value)) return `${value.length} numbers`;
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
