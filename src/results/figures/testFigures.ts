import { describeMethod } from '../../configuration/methods.ts';
import { metricOf } from '../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import { reads } from '../../experiments/unread.ts';
import { chanceOf } from '../chance.ts';
import type { Of } from './curves.ts';
import type { BarFigure, DotFigure, LineFigure, ScatterFigure } from './figure.ts';
import { metricOfRun, metricTitle, panels, readSettings, type SeedGroup, settingWords, testResult } from './groups.ts';
import { groupLook } from './look.ts';
import { protocolNote, seedNote, selectionNote } from './notes.ts';

/** The test results of all methods beside each other. */
export function overview(groups: readonly SeedGroup[], { id, name }: Of): DotFigure[] {
  if (groups.length < 2) return [];
  const [run] = groups[0].runs;
  const isAnySingle = groups.some(({ runs }) => runs.length === 1);
  const chance = chanceOf(metricOfRun(run), run.dataset.candidates);
  return [
    {
      kind: 'dots',
      id: `${id}-overview`,
      title: `Test ${metricOfRun(run)}, ${name}`,
      x: { title: `test ${metricTitle(run)}` },
      rows: groups.map((group) => ({ ...groupLook(group), ...testResult(group) })),
      notes: [
        seedNote(groups, 'bars'),
        ...(isAnySingle ? ['Bars of single runs: ± 1 standard error over the test instances.'] : ['Rings: the seeds.']),
        protocolNote(groups, 'test'),
        ...(chance === null ? [] : [`Chance: ${Number(chance.toPrecision(2))}.`]),
        ...selectionNote(groups),
      ],
    },
  ];
}

/** What a better result costs: operations of a recommendation, and the share of fine-tuned blocks. */
export function costs(groups: readonly SeedGroup[], { id, name }: Of): ScatterFigure[] {
  const figure = (what: string, title: string, unit: string, x: (group: SeedGroup) => number | null): ScatterFigure[] => {
    const known = groups.flatMap((group) => {
      const at = x(group);
      return at === null ? [] : [{ group, at }];
    });
    if (known.length < 2) return [];
    const shown = known.map(({ group }) => group);
    const [run] = shown[0].runs;
    const methods = Array.from(new Set(shown.map(({ method }) => method)));
    return [
      {
        kind: 'scatter',
        id: `${id}-${what}`,
        title: `${title}, ${name}`,
        x: { title: unit },
        y: { title: `test ${metricTitle(run)}` },
        series: methods.map((method) => {
          const own = known.filter(({ group }) => group.method === method);
          return {
            ...groupLook({ ...own[0].group, label: describeMethod(method).label }),
            points: own.map(({ group, at }) => {
              const { value, error } = testResult(group);
              return { x: at, y: value, error, label: group.difference };
            }),
          };
        }),
        notes: [seedNote(shown, 'bars'), protocolNote(shown, 'test'), ...selectionNote(shown)],
      },
    ];
  };
  return [
    ...figure('operations', 'Cost against accuracy', 'operations a recommendation', operationsOf),
    ...figure('blocks', 'Fine-tuned blocks against accuracy', 'mean share of fine-tuned blocks', sharesOf),
  ];
}

/** Null where it was not measured, or where nothing is computed, as of MostPop. */
function operationsOf({ runs }: SeedGroup): number | null {
  const known = runs.flatMap(({ report: { cost } }) => (cost === null || cost.operations === 0 ? [] : [cost.operations]));
  return known.length < runs.length ? null : overSeeds(known).value;
}

function sharesOf({ runs }: SeedGroup): number | null {
  const known = runs.flatMap(({ report: { policy } }) => (policy === null ? [] : [overSeeds(policy.utilisation).value]));
  return known.length < runs.length ? null : overSeeds(known).value;
}

/** A figure of bars can tell so many apart. */
const MOST_BARS = 5;
/** Where users have many different numbers of training targets, those from one of these to the next are taken together. */
const EDGES = [0, 1, 2, 3, 5, 10, 20, 50];

/** How good a method is for users of whom little was known in training. */
export function coldness(groups: readonly SeedGroup[], { id, name }: Of): BarFigure[] {
  const known = groups.filter(({ runs }) => runs.every(({ report }) => (report.byTrainingTargets?.length ?? 0) > 1));
  return panels(known, MOST_BARS).map(({ words, groups: shown }, i) => {
    const [run] = shown[0].runs;
    const metric = metricOfRun(run);
    const classes = targetClasses(shown);
    const parts = classes.map((bin) => ({ bin, of: shown.map((group) => resultFor(group, bin, metric)) }));
    return {
      kind: 'bars',
      id: `${id}-cold-${i + 1}`,
      title: `How cold, ${name}: ${metric} by training targets${words && ` (${words})`}`,
      x: { title: 'training targets of the user' },
      y: { title: `test ${metricTitle(run)}` },
      groups: classes.map(({ label }) => label),
      series: shown.map((group, place) => ({
        ...groupLook(group),
        values: parts.map(({ of }) => ({ y: of[place].value, error: of[place].error })),
      })),
      notes: [
        'Bars: ± 1 standard error over the test instances, means over the seeds.',
        `Test instances: ${parts.map(({ bin, of }) => `${bin.label}: ${(of[0].n).toLocaleString('en')}`).join('; ')}.`,
        ...selectionNote(shown),
      ],
    };
  });
}

interface TargetClass {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

function targetClasses(groups: readonly SeedGroup[]): TargetClass[] {
  const counts = groups.flatMap(({ runs }) =>
    runs.flatMap(({ report }) => report.byTrainingTargets?.map(({ targets }) => targets) ?? []),
  );
  const distinct = Array.from(new Set(counts)).sort((a, b) => a - b);
  if (distinct.length <= EDGES.length) return distinct.map((from) => ({ label: String(from), from, to: from }));
  const classes = EDGES.map((from, i) => {
    const to = (EDGES[i + 1] ?? Number.POSITIVE_INFINITY) - 1;
    const label = from === to ? String(from) : to === Number.POSITIVE_INFINITY ? `${from}+` : `${from}–${to}`;
    return { label, from, to };
  });
  return classes.filter(({ from, to }) => distinct.some((targets) => targets >= from && targets <= to));
}

/** Mean over the instances of users with so many targets, then over the seeds, with the mean of their standard errors. */
function resultFor({ runs }: SeedGroup, { from, to }: TargetClass, metric: string) {
  const each = runs.map(({ report }) => {
    const own = (report.byTrainingTargets ?? []).filter(({ targets }) => targets >= from && targets <= to);
    const measured = own.flatMap(({ test }) => {
      const value = metricOf(test, metric, 'sampled');
      return value === undefined ? [] : [{ ...value, n: test.n }];
    });
    const n = measured.reduce((sum, one) => sum + one.n, 0);
    const sum = (of: (one: (typeof measured)[number]) => number) => measured.reduce((total, one) => total + of(one), 0);
    return { n, value: sum((one) => one.n * one.value) / n, error: Math.sqrt(sum((one) => (one.n * one.error) ** 2)) / n };
  });
  const mean = (values: readonly number[]) => overSeeds(values).value;
  return { n: each[0].n, value: mean(each.map(({ value }) => value)), error: mean(each.map(({ error }) => error)) };
}

/** τ against the test result, a line for each method with several. */
export function temperatures(groups: readonly SeedGroup[], { id, name }: Of): LineFigure[] {
  const readers = groups.filter(({ configuration }) => reads(configuration, 'temperature'));
  const lines = new Map<string, SeedGroup[]>();
  for (const group of readers) {
    const key = JSON.stringify({ ...readSettings(group.configuration), temperature: 0, seed: 0 });
    lines.set(key, [...(lines.get(key) ?? []), group]);
  }
  const several = Array.from(lines.values()).filter((own) => own.length > 1);
  if (several.length === 0) return [];
  const shown = several.flat();
  const [run] = shown[0].runs;
  return [
    {
      kind: 'lines',
      id: `${id}-temperature`,
      title: `Temperature against accuracy, ${name}`,
      x: { title: 'temperature τ', logarithmic: true },
      y: { title: `test ${metricTitle(run)}` },
      lines: several.slice(0, 7).map((own) => {
        const temperature = settingWords('temperature', own[0].configuration.temperature);
        return {
          ...groupLook({ ...own[0], label: own[0].label.replace(`, ${temperature}`, '') }),
          points: own
            .toSorted((a, b) => a.configuration.temperature - b.configuration.temperature)
            .map((group) => {
              const { value, error, each } = testResult(group);
              const point = { x: group.configuration.temperature, y: value };
              return each.length < 2 ? point : { ...point, low: value - error, high: value + error };
            }),
        };
      }),
      levels: [],
      notes: [seedNote(shown, 'bands'), protocolNote(shown, 'test'), ...selectionNote(shown)],
    },
  ];
}
