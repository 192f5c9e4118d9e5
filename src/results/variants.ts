import { describeMethod, METHOD_DESCRIPTIONS } from '../configuration/methods.ts';
import { parameterWords } from '../configuration/parameters.ts';
import { type Configuration, flatten, type Value } from '../configuration/schema.ts';
import { reads } from '../experiments/unread.ts';
import { distinct, groupedBy } from './lists.ts';
import type { FinishedRun } from './run.ts';

/** Finished runs of one method, on the same data and backend, that differ in their seed alone. */
export interface Variant {
  readonly method: string;
  /** UAF-Random: whether users had other gates at evaluation than in training; of all others false. */
  readonly otherGates: boolean;
  /** Each seed once, in ascending order. */
  readonly runs: readonly FinishedRun[];
  /** The place of its newest run among all. */
  readonly newest: number;
}

/** A run with its place among all. */
export interface PlacedRun {
  readonly run: FinishedRun;
  readonly place: number;
}

/** Cut-offs are how results are looked at, and not part of what is computed. */
const APART: ReadonlySet<string> = new Set(['method', 'seed', 'evaluation.cutoffs']);

/** Whether runs of one method can differ in a key and not be repetitions of each other. */
export const isSetting = (key: string): boolean => !APART.has(key);

/** Whether the gates of a run of UAF-Random are not those that it trained with. */
const hasOtherGates = ({ method, seed, evaluationSeed }: Configuration): boolean =>
  method === 'uaf-random' && evaluationSeed !== 0 && evaluationSeed !== seed;

/** The settings that a run depends on, beside its method and seed. UAF-Random's gates are told apart otherwise. */
export const settingsOf = (configuration: Configuration): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(flatten(configuration)).filter(
      ([key]) =>
        isSetting(key) && reads(configuration, key) && !(configuration.method === 'uaf-random' && key === 'evaluationSeed'),
    ),
  );

/** The same of runs that differ in nothing but their seed. */
function keyOf({ dataset, environment, report: { configuration } }: FinishedRun): string {
  const { method } = configuration;
  return JSON.stringify([dataset.hash, environment.backend, method, hasOtherGates(configuration), settingsOf(configuration)]);
}

/** Runs by what they differ in beside their seed. Of runs that repeat each other the newest counts. */
export function variantsOf(runs: readonly PlacedRun[]): Variant[] {
  const ascending = runs.toSorted((a, b) => a.place - b.place);
  return Array.from(groupedBy(ascending, ({ run }) => keyOf(run)).values(), (group) => {
    const bySeed = new Map(group.map(({ run }) => [run.report.seed, run]));
    const { configuration } = group[0].run.report;
    return {
      method: configuration.method,
      otherGates: hasOtherGates(configuration),
      runs: Array.from(bySeed.values()).sort((a, b) => a.report.seed - b.report.seed),
      newest: group[group.length - 1].place,
    };
  });
}

/** Of one of its runs: they differ in the seed alone. */
export const configurationOf = ({ runs: [{ report }] }: Variant): Configuration => report.configuration;

/** In the order of the paper's tables; of a method the older ones first. */
export const inOrder = (variants: readonly Variant[]): Variant[] =>
  variants.toSorted(
    (a, b) => placeOf(a.method) - placeOf(b.method) || Number(a.otherGates) - Number(b.otherGates) || a.newest - b.newest,
  );

/** Where a method stands in the paper's tables; what they do not have comes last. */
function placeOf(method: string): number {
  const place = METHOD_DESCRIPTIONS.findIndex(({ id }) => id === method);
  if (place >= 0) return place;
  const last = /^finetune-last-(\d+)$/.exec(method);
  // Between Finetune-Last2 and Finetune-All.
  return last === null
    ? METHOD_DESCRIPTIONS.length
    : METHOD_DESCRIPTIONS.findIndex(({ id }) => id === 'finetune-last-2') + 1 - 1 / Number(last[1]);
}

/** What the two kinds of UAF-Random are. */
export const GATES_WORDS =
  'UAF-Random decides by a coin for each user and block: with the same gates it is evaluated with those that it trained with, with other gates they are drawn anew.';

/** The method, and of UAF-Random whether its gates are others. */
export const nameOf = ({ method, otherGates }: Pick<Variant, 'method' | 'otherGates'>): string =>
  `${describeMethod(method).label}${otherGates ? ', other gates' : ''}`;

/** The paper's letters, where it has one: short enough for the name of a line. */
const LETTERS: Readonly<Record<string, string>> = { temperature: 'τ', rewardGamma: 'γ', rewardBeta: 'β', channels: 'k' };

/**
 * What each of some variants differs in from the others of its name: “γ 0.5”; '' where it is the only one, or as most are.
 *
 * @param without keys that are said elsewhere
 */
export function differencesAmong(variants: readonly Variant[], without: readonly string[] = []): (variant: Variant) => string {
  const kinds = new Map(
    Array.from(groupedBy(variants, nameOf), ([name, alike]) => {
      const keys = differingSettings(alike).filter((key) => !without.includes(key));
      // Of several keys only what is not as with most is said: all of them would not fit into a name.
      const usual = new Map(keys.length > 1 ? keys.flatMap((key) => usualValue(alike, key)) : []);
      return [name, { keys, usual, backends: distinct(alike.map(backendOf)).length }];
    }),
  );
  return (variant) => {
    const { keys, usual, backends } = kinds.get(nameOf(variant)) ?? { keys: [], usual: new Map<string, string>(), backends: 1 };
    const own = settingsOf(configurationOf(variant));
    const words = keys
      .filter((key) => key in own && usual.get(key) !== JSON.stringify(own[key]))
      .map((key) => wordsOf(key, own[key]));
    return [...words, ...(backends > 1 ? [backendOf(variant)] : [])].join(', ');
  };
}

/** “UAF-RL (γ 0.5)”: a name, and what tells it from others of the same name. */
export function labelsAmong(variants: readonly Variant[], without: readonly string[] = []): (variant: Variant) => string {
  const differenceOf = differencesAmong(variants, without);
  return (variant) => {
    const difference = differenceOf(variant);
    return difference === '' ? nameOf(variant) : `${nameOf(variant)} (${difference})`;
  };
}

/** A key with the value, as JSON, that more than half of some variants have. */
function usualValue(variants: readonly Variant[], key: string): [string, string][] {
  const values = variants.map((variant) => JSON.stringify(settingsOf(configurationOf(variant))[key]));
  const common = values.find((value) => values.filter((other) => other === value).length > values.length / 2);
  return common === undefined ? [] : [[key, common]];
}

const wordsOf = (key: string, value: Value): string => (key in LETTERS ? `${LETTERS[key]} ${value}` : parameterWords(key, value));

const backendOf = ({ runs: [{ environment }] }: Variant): string => environment.backend;

/** The keys in which some variants are not all the same. */
export function differingSettings(variants: readonly Variant[]): string[] {
  if (variants.length < 2) return [];
  const settings = variants.map((variant) => settingsOf(configurationOf(variant)));
  const [first] = settings;
  const written = (value: Value | undefined) => JSON.stringify(value);
  return distinct(settings.flatMap(Object.keys)).filter((key) => {
    const expected = written(first[key]);
    return settings.some((own) => written(own[key]) !== expected);
  });
}
