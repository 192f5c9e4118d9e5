import { describeMethod } from '../../configuration/methods.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import { chanceOf } from '../chance.ts';
import { coldResult, targetClasses } from '../coldness.ts';
import { thousands } from '../digits.ts';
import { distinct } from '../lists.ts';
import { temperatureFamilies, temperatureOf } from '../temperatures.ts';
import { labelsAmong } from '../variants.ts';
import type { Of } from './curves.ts';
import type { BarFigure, DotFigure, LineFigure, ScatterFigure } from './figure.ts';
import { metricOfRun, metricTitle, panels, type SeedGroup, testResult } from './groups.ts';
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
    const methods = distinct(shown.map(({ method }) => method));
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

/** How good a method is for users of whom little was known in training. */
export function coldness(groups: readonly SeedGroup[], { id, name }: Of): BarFigure[] {
  const known = groups.filter(({ runs }) => runs.every(({ report }) => (report.byTrainingTargets?.length ?? 0) > 1));
  return panels(known, MOST_BARS).map(({ words, groups: shown }, i) => {
    const [run] = shown[0].runs;
    const metric = metricOfRun(run);
    const classes = targetClasses(shown);
    const parts = classes.map((bin) => ({ bin, of: shown.map((group) => coldResult(group, bin, metric)) }));
    return {
      kind: 'bars',
      id: `${id}-cold-${i + 1}`,
      title: `How cold, ${name}: ${metric} by training targets${words && ` (${words})`}`,
      x: { title: 'training targets of the user' },
      y: { title: `test ${metricTitle(run)}` },
      groups: classes.map(({ label }) => label),
      series: shown.map((group, place) => ({
        ...groupLook(group),
        values: parts.map(({ of }) => ({ y: of[place]?.value ?? Number.NaN, error: of[place]?.error ?? 0 })),
      })),
      notes: [
        'Bars: ± 1 standard error over the test instances, means over the seeds.',
        `Test instances: ${parts.map(({ bin, of }) => `${bin.label}: ${thousands(of[0]?.n ?? 0)}`).join('; ')}.`,
        ...selectionNote(shown),
      ],
    };
  });
}

/** τ against the test result, a line for each method with several. */
export function temperatures(groups: readonly SeedGroup[], { id, name }: Of): LineFigure[] {
  const several = temperatureFamilies(groups);
  if (several.length === 0) return [];
  const shown = several.flat();
  const labelOf = labelsAmong(shown, ['temperature']);
  const [run] = shown[0].runs;
  return [
    {
      kind: 'lines',
      id: `${id}-temperature`,
      title: `Temperature against accuracy, ${name}`,
      x: { title: 'temperature τ', logarithmic: true },
      y: { title: `test ${metricTitle(run)}` },
      lines: several.slice(0, 7).map((own) => ({
        ...groupLook({ ...own[0], label: labelOf(own[0]) }),
        points: own.map((group) => {
          const { value, error, each } = testResult(group);
          const point = { x: temperatureOf(group), y: value };
          return each.length < 2 ? point : { ...point, low: value - error, high: value + error };
        }),
      })),
      levels: [],
      notes: [seedNote(shown, 'bands'), protocolNote(shown, 'test'), ...selectionNote(shown)],
    },
  ];
}
