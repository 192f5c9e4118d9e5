import { describeMethod } from '../../configuration/methods.ts';
import { parameterWords, writeValue } from '../../configuration/parameters.ts';
import type { Value } from '../../configuration/schema.ts';
import type { Experiment } from '../../experiments/experiment.ts';

/** Some changes, in words: “learning rate 0.001, epochs 5”. */
export const changesWords = (changes: Readonly<Record<string, Value>>): string =>
  Object.entries(changes)
    .map(([key, value]) => parameterWords(key, value))
    .join(', ');

/** What is listed by name, where it is not too much to be read. */
const MOST_NAMES = 15;
const listed = (names: readonly string[], what: string): string =>
  names.length > MOST_NAMES ? `${names.length} ${what}` : names.join(', ');

/** What an experiment runs, in one or more sentences. */
export function contentsWords({ preset, methods, seeds, changes, grid, variants }: Experiment): string {
  const plain = [
    listed(
      methods.map((id) => describeMethod(id).label),
      'methods',
    ),
    seeds.length > MOST_NAMES ? `${seeds.length} seeds` : `seed${seeds.length === 1 ? '' : 's'} ${seeds.join(', ')}`,
    `preset ${preset}${Object.keys(changes).length === 0 ? '' : ` with ${changesWords(changes)}`}`,
  ];
  const crossed = grid.map(({ key, values }) => `${key}: ${listed(values.map(writeValue), 'values')}`);
  return [
    `${plain.join('; ')}.`,
    ...(crossed.length === 0 ? [] : [`All combinations of ${crossed.join('; ')}.`]),
    ...(variants.length === 0 ? [] : [variantWords(variants)]),
  ].join(' ');
}

const MOST_VARIANTS = 4;

const variantWords = (variants: Experiment['variants']): string =>
  variants.length > MOST_VARIANTS
    ? `${variants.length} variants, from “${variants[0].name}” to “${variants.at(-1)?.name}”.`
    : `Variants: ${variants.map(({ name }) => name).join('; ')}.`;
