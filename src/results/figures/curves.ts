import { metricOf, selectionMetric, selectionOf } from '../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import type { EpochReport } from '../../engine/training/report.ts';
import { chanceOf } from '../chance.ts';
import type { ResultRun } from '../run.ts';
import type { LineFigure } from './figure.ts';
import { areOneTask, metricOfRun, metricTitle, panels, type SeedGroup, testResult } from './groups.ts';
import { groupLook, plainLook } from './look.ts';
import { protocolNote, seedNote, selectionNote } from './notes.ts';

/** What a figure is of. */
export interface Of {
  /** Different for each dataset. */
  readonly id: string;
  readonly name: string;
}

/** Fig. 4: the validation metric by epoch, with MostPop and chance. */
export function validationCurves(groups: readonly SeedGroup[], { id, name }: Of): LineFigure[] {
  const trained = groups.filter(hasEpochs);
  return panels(trained).map(({ words, groups: shown }, i) => {
    const [run] = shown[0].runs;
    const metric = metricOfRun(run);
    const select = selectionMetric(run.report.test);
    return {
      kind: 'lines',
      id: `${id}-validation-${i + 1}`,
      title: `Fig. 4, ${name}: validation ${metric} by epoch${words && ` (${words})`}`,
      x: { title: 'epoch' },
      y: { title: `validation ${metricTitle(run)}` },
      lines: shown.map((group) => ({
        ...groupLook(group),
        points: overEpochs(group, ({ validation }) => metricOf(validation, metric, 'sampled')?.value ?? Number.NaN),
        marked: bestEpoch(group),
      })),
      levels: levelsFor(shown, groups, metric),
      notes: [
        seedNote(shown, 'bands'),
        `Rings: best epoch by ${select}${shown.some(({ runs }) => runs.length > 1) ? ' of the mean' : ''}.`,
        protocolNote(shown, 'validation'),
        ...selectionNote(shown),
      ],
    };
  });
}

const MTL = 'mtl';

/** Beside Fig. 4: what falls while the validation metric no longer rises is over-fitting. */
export function lossCurves(groups: readonly SeedGroup[], { id, name }: Of): LineFigure[] {
  const trained = groups.filter(hasEpochs);
  const others = trained.filter(({ method }) => method !== MTL);
  const comparable = others.length === 0 ? trained : others;
  return panels(comparable).map(({ words, groups: shown }, i) => ({
    kind: 'lines',
    id: `${id}-loss-${i + 1}`,
    title: `Fine-tuning loss, ${name}${words && ` (${words})`}`,
    x: { title: 'epoch' },
    y: { title: 'training loss (nats)' },
    lines: shown.map((group) => ({
      ...groupLook(group),
      points: overEpochs(group, ({ trainLoss }) => trainLoss),
      marked: bestEpoch(group),
    })),
    levels: [],
    notes: [
      seedNote(shown, 'bands'),
      'Rings: best epoch on validation; a loss that falls on after it is over-fitting.',
      ...(comparable.length < trained.length
        ? ['MTL is left out: its loss is the sum of both domains, and would stand far above the others.']
        : []),
      ...(shown.some(({ method }) => method === MTL) ? ['MTL’s loss is the sum of both domains.'] : []),
      ...(shown.some(({ method }) => method.startsWith('uaf-rl'))
        ? ['UAF-RL’s loss has the reward’s added: compare its course, not its height.']
        : []),
    ],
  }));
}

/** More cannot be told apart. */
const MOST_PRETRAINED = 7;

/** Of each pre-trained model once, whichever runs shared it. */
export function pretrainingCurves(runs: readonly ResultRun[], { id, name }: Of): LineFigure[] {
  const models = new Map<string, ResultRun>();
  for (const run of runs) {
    const epochs = run.report.pretraining?.epochs ?? [];
    const key = JSON.stringify(epochs);
    if (epochs.length > 0 && !models.has(key)) models.set(key, run);
  }
  const shown = Array.from(models.values()).slice(0, MOST_PRETRAINED);
  if (shown.length === 0) return [];
  const labels = shown.map(({ report }) => `seed ${report.seed}`);
  const isTwice = (label: string) => labels.filter((other) => other === label).length > 1;
  return [
    {
      kind: 'lines',
      id: `${id}-pretraining`,
      title: `Pre-training loss, ${name}`,
      x: { title: 'epoch' },
      y: { title: 'cross-entropy (nats)' },
      lines: shown.map(({ report }, i) => ({
        ...plainLook(i, isTwice(labels[i]) ? `${labels[i]}, model ${i + 1}` : labels[i]),
        points: (report.pretraining?.epochs ?? []).map(({ epoch, loss }) => ({ x: epoch, y: loss })),
      })),
      levels: [],
      notes: [
        'Next item of the source domain, a pre-trained model each; runs with the same settings and seed share theirs.',
        ...(models.size > shown.length ? [`${shown.length} of ${models.size} are drawn.`] : []),
      ],
    },
  ];
}

const hasEpochs = ({ runs }: SeedGroup): boolean => runs.every(({ report }) => report.epochs.length > 0);

/** The epochs that all seeds have, so that the mean does not jump where one stopped early. */
function commonEpochs({ runs }: SeedGroup): (readonly EpochReport[])[] {
  const [first, ...others] = runs.map(({ report }) => report.epochs);
  return first.flatMap((epoch) => {
    const same = others.map((epochs) => epochs.find((other) => other.epoch === epoch.epoch));
    const known = same.filter((other) => other !== undefined);
    return known.length < others.length ? [] : [[epoch, ...known]];
  });
}

function overEpochs(group: SeedGroup, value: (epoch: EpochReport) => number): LineFigure['lines'][number]['points'] {
  return commonEpochs(group).map((epochs) => {
    const { value: y, deviation, n } = overSeeds(epochs.map(value));
    const x = epochs[0].epoch;
    return n < 2 ? { x, y } : { x, y, low: y - deviation, high: y + deviation };
  });
}

/** Of one run its own, of several the best epoch of their mean. */
function bestEpoch(group: SeedGroup): number | undefined {
  const [{ report }] = group.runs;
  if (group.runs.length === 1) return report.bestEpoch ?? undefined;
  const means = commonEpochs(group).map((epochs) => ({
    epoch: epochs[0].epoch,
    value: overSeeds(epochs.map(({ validation }) => selectionOf(validation))).value,
  }));
  return means.reduce<(typeof means)[number] | undefined>(
    (best, one) => (best && best.value >= one.value ? best : one),
    undefined,
  )?.epoch;
}

/** MostPop where it was tested on the same task, and chance where all rank among as many. */
function levelsFor(shown: readonly SeedGroup[], groups: readonly SeedGroup[], metric: string): LineFigure['levels'] {
  if (!areOneTask(shown)) return [];
  const popular = groups.find((group) => group.method === 'most-popular' && areOneTask([group, shown[0]]));
  const chance = chanceOf(metric, shown[0].runs[0].dataset.candidates);
  return [
    ...(popular ? [{ label: 'MostPop (test)', y: testResult(popular).value }] : []),
    ...(chance === null ? [] : [{ label: 'chance', y: chance }]),
  ];
}
