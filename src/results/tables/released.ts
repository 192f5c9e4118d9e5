import { describeMethod } from '../../configuration/methods.ts';
import { parameterLabel, writeValue } from '../../configuration/parameters.ts';
import { PRESETS, RELEASED_DIFFERENCES } from '../../configuration/presets.ts';
import { type Configuration, complete, flatten, nest, type Value } from '../../configuration/schema.ts';
import { reads } from '../../experiments/unread.ts';
import { compareVariants } from '../comparison.ts';
import type { Condition } from '../conditions.ts';
import { difference } from '../digits.ts';
import { groupedBy } from '../lists.ts';
import type { FinishedRun } from '../run.ts';
import { testedBy } from '../task.ts';
import { configurationOf, settingsOf, type Variant } from '../variants.ts';
import { blank, measuredCell, pCell, SEEDS_NOTE, text, whole } from './measured.ts';
import type { Cell, Row, TableModel } from './table.ts';

const RELEASED: Readonly<Record<string, Value>> = Object.fromEntries(
  RELEASED_DIFFERENCES.map(({ key, released }) => [key, released]),
);

const PAPER: Readonly<Record<string, Value>> = flatten(PRESETS.paper);

const withValues = (
  configuration: Configuration,
  keys: readonly string[],
  values: Readonly<Record<string, Value>>,
): Configuration => complete(configuration, nest(Object.fromEntries(keys.map((key) => [key, values[key]]))));

interface Member {
  readonly variant: Variant;
  readonly dataset: string;
  readonly backend: string;
  /** What its runs depend on, but for the seed. */
  readonly read: Readonly<Record<string, Value>>;
}

/**
 * The paper against the authors' code: runs that differ in one of those keys alone, and in all of them. The other side of a key is
 * whatever else was tried. Null without such runs.
 */
export function releasedTable(conditions: readonly Condition[], names: ReadonlyMap<string, string>): TableModel | null {
  const members = membersOf(conditions, names);
  const keys = RELEASED_DIFFERENCES.map(({ key }) => key);
  const rows = [
    ...keys.flatMap((key) => pairsBy(members, [key]).map((pair) => rowOf(pair, key))),
    ...pairsBy(members, keys).map((pair) => rowOf(pair, null)),
  ];
  if (rows.length === 0) return null;
  const tasks = new Set(members.map(({ variant }) => variant.runs[0].dataset.task));
  const group = tasks.size > 1 ? 'HR@5 (of profiles: accuracy)' : tasks.has('profile') ? 'accuracy' : 'HR@5';
  return {
    id: 'paper-released',
    title: 'The paper against its released code, one setting at a time',
    columns: [
      { title: 'Setting', align: 'left' },
      { title: 'Dataset', align: 'left' },
      { title: 'Method', align: 'left' },
      { title: 'here', align: 'left' },
      { title: 'code', align: 'left' },
      { title: 'here', group, align: 'right' },
      { title: 'as the code', group, align: 'right' },
      { title: 'code − here', group, align: 'right' },
      { title: 'p', group, align: 'right' },
      { title: 'here', group: 'N', align: 'right' },
      { title: 'code', group: 'N', align: 'right' },
    ],
    rows,
    notes: [
      SEEDS_NOTE,
      'The difference is the code’s setting − the other one, ± its standard error, of seeds and test instances that both have; p is two-sided and not corrected for the number of rows. With one seed the chance of training is not in it.',
      'N are the test instances. Where the best epoch is chosen by test, validation joins test: those runs are tested on other instances, and chosen on them, so that their results are too good.',
    ],
  };
}

/** Each variant once, though several conditions may have it. */
function membersOf(conditions: readonly Condition[], names: ReadonlyMap<string, string>): Member[] {
  const members = new Map<FinishedRun, Member>();
  for (const { variants, dataset } of conditions) {
    for (const variant of variants) {
      const { report, environment } = variant.runs[0];
      const name = names.get(dataset.hash) ?? dataset.name;
      members.set(variant.runs[0], {
        variant,
        dataset: name,
        backend: environment.backend,
        read: { ...settingsOf(report.configuration), method: variant.method, gates: variant.otherGates },
      });
    }
  }
  return Array.from(members.values());
}

interface Pair {
  readonly here: Member;
  readonly code: Member;
}

/** Of each dataset and method the pair of most seeds, then the newest, that differs in all of some keys that it reads and no others. */
function pairsBy(members: readonly Member[], keys: readonly string[]): Pair[] {
  const readers = members.filter(({ read }) => {
    const own = keys.filter((key) => key in read);
    return own.length > (keys.length > 1 ? 1 : 0);
  });
  const families = groupedBy(readers, ({ variant, dataset, backend, read }) => {
    const sides = [PAPER, RELEASED].map((values) => withValues(configurationOf(variant), keys, values));
    // What is read for one side only, such as the seed of gates that are drawn, is part of the difference.
    const common = Object.entries(read).filter(
      ([key]) => !keys.includes(key) && sides.every((side) => key === 'method' || key === 'gates' || reads(side, key)),
    );
    return JSON.stringify([dataset, backend, common]);
  });
  const best = new Map<string, Pair & { seeds: number; newest: number }>();
  for (const family of families.values()) {
    for (const code of family) {
      const own = keys.filter((key) => key in code.read);
      if (own.some((key) => code.read[key] !== RELEASED[key])) continue;
      for (const here of family) {
        if (own.some((key) => here.read[key] === RELEASED[key])) continue;
        const place = `${code.dataset} ${code.variant.method}`;
        const seeds = Math.min(code.variant.runs.length, here.variant.runs.length);
        const newest = Math.max(code.variant.newest, here.variant.newest);
        const before = best.get(place);
        if (!before || seeds > before.seeds || (seeds === before.seeds && newest > before.newest))
          best.set(place, { here, code, seeds, newest });
      }
    }
  }
  return Array.from(best.values());
}

/** @param key null: all of them */
function rowOf({ here, code }: Pair, key: string | null): Row {
  const metric = 'accuracy' in code.variant.runs[0].report.test ? 'accuracy' : 'HR@5';
  const [first, second] = [code, here].map(({ variant }) => testedBy(variant.runs[0].dataset.hash, configurationOf(variant)));
  const compared = first === second ? compareVariants(code.variant, here.variant, metric) : { missing: 'other test instances' };
  const [effect, p]: Cell[] =
    'missing' in compared
      ? [text(`not comparable: ${compared.missing}`), blank(compared.missing)]
      : [
          { text: difference(compared.test.effect, compared.test.standardError), value: compared.test.effect },
          pCell(compared.test.p),
        ];
  return {
    cells: [
      text(key === null ? 'all of these' : parameterLabel(key)),
      text(code.dataset),
      text(describeMethod(code.variant.method).label),
      text(key === null ? '' : writeValue(here.read[key])),
      text(key === null ? '' : writeValue(code.read[key])),
      measuredCell(here.variant, metric),
      measuredCell(code.variant, metric),
      effect,
      p,
      whole(here.variant.runs[0].report.test.n),
      whole(code.variant.runs[0].report.test.n),
    ],
  };
}
