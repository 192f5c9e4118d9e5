import { type Configuration, ConfigurationError, complete, nest, parseValue, type Value } from './schema.ts';

/** What a search tries for one key: some values, or anything in a range. */
export type Axis =
  | { readonly key: string; readonly values: readonly Value[] }
  | { readonly key: string; readonly from: number; readonly to: number };

export type SearchMode = 'grid' | 'random';

/** The keys of one trial that differ from the configuration that is searched around. */
export type Trial = Readonly<Record<string, Value>>;

/** What a search may not change: its trials could not be compared by validation, or would look at the test instances. */
const FIXED = /^(method|seed|evaluationSeed|fineTuning\.selectOn|dataset\..*|evaluation\..*)$/;

/**
 * `channels=8,16,32`, `dilations=[1,1],[1,4]` or `fineTuning.learningRate=0.0001..0.01` as an axis, checked against `base`. Values
 * that are written twice count once.
 *
 * @throws ConfigurationError for an unknown key or an impossible value, or where a search would decide by the test instances
 */
export function parseAxis(text: string, base: Configuration): Axis {
  const equals = text.indexOf('=');
  if (equals < 1) throw new ConfigurationError(`“${text}”: expected key=value,value or key=from..to.`);
  const key = text.slice(0, equals).trim();
  const written = text.slice(equals + 1).trim();
  if (base.fineTuning.selectOn === 'test')
    throw new ConfigurationError('A search decides by validation: it is not possible with “fineTuning.selectOn”: “test”.');
  if (FIXED.test(key))
    throw new ConfigurationError(
      `“${key}” cannot be searched: the trials of a search are compared on the same validation instances.`,
    );
  const range = /^([^,[]+?)\.\.([^,]+)$/.exec(written);
  if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (!(from < to)) throw new ConfigurationError(`“${text}”: a range goes from a smaller to a larger number.`);
    for (const end of [from, to]) complete(base, nest({ [key]: end }));
    return { key, from, to };
  }
  const values = parseValues(written);
  for (const value of values) complete(base, nest({ [key]: value }));
  return { key, values: Array.from(new Map(values.map((value) => [JSON.stringify(value), value])).values()) };
}

/** `8,16` or `[1,1],[1,4]`, unchecked. Commas inside brackets belong to a list. */
export const parseValues = (text: string): Value[] => text.split(/,(?![^[]*\])/).map((word) => parseValue(word.trim()) as Value);

/** How many configurations a grid has; infinite with a range. */
export const gridSize = (axes: readonly Axis[]): number =>
  axes.reduce((size, axis) => size * ('values' in axis ? axis.values.length : Number.POSITIVE_INFINITY), 1);

/**
 * The configurations to try, at most `budget`, all different. A grid goes through all combinations, the last key fastest;
 * a random search draws from each axis: ranges of a factor of ten or more evenly by their logarithm, whole numbers where
 * both ends are whole.
 *
 * @param uniform numbers in (0, 1); the same numbers give the same trials, so that a search can be resumed
 * @throws ConfigurationError for a grid over a range
 */
export function trials(axes: readonly Axis[], mode: SearchMode, budget: number, uniform: () => number): Trial[] {
  if (mode === 'grid') return grid(axes, budget);
  const found = new Map<string, Trial>();
  const wanted = Math.min(budget, gridSize(axes));
  for (let draws = 0; found.size < wanted && draws < 1000 * wanted; draws++) {
    const trial = Object.fromEntries(axes.map((axis) => [axis.key, draw(axis, uniform)]));
    found.set(JSON.stringify(trial), trial);
  }
  return Array.from(found.values());
}

/** The first combinations; each is the digits of its number, so that a grid too large to be listed can be begun. */
function grid(axes: readonly Axis[], budget: number): Trial[] {
  const listed = axes.map((axis) => {
    if ('values' in axis) return axis;
    throw new ConfigurationError(`“${axis.key}” is given as a range: a grid needs single values. Use a random search.`);
  });
  return Array.from({ length: Math.min(budget, gridSize(axes)) }, (_, number) => {
    let rest = number;
    const digits = listed.toReversed().map(({ key, values }) => {
      const digit = rest % values.length;
      rest = Math.floor(rest / values.length);
      return [key, values[digit]] as const;
    });
    return Object.fromEntries(digits.toReversed());
  });
}

function draw(axis: Axis, uniform: () => number): Value {
  if ('values' in axis) return axis.values[Math.floor(uniform() * axis.values.length)];
  const { from, to } = axis;
  const whole = Number.isInteger(from) && Number.isInteger(to);
  // Whole numbers: each as wide as the others, ends included.
  const [low, high] = whole ? [from - 0.5, to + 0.5] : [from, to];
  const logarithmic = low > 0 && high / low >= 10;
  const value = logarithmic ? low * (high / low) ** uniform() : low + (high - low) * uniform();
  return whole ? Math.round(value) : Number(value.toPrecision(3));
}
