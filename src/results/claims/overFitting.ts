import { describeMethod } from '../../configuration/methods.ts';
import { testOfSeeds } from '../../engine/evaluation/crossed.ts';
import { type Metrics, metricOf } from '../../engine/evaluation/metrics.ts';
import { bestOfDatasets, type Condition, isTenth, variantOf } from '../conditions.ts';
import { counted, listed } from '../digits.ts';
import type { FinishedRun } from '../run.ts';
import { shownSettings } from '../shownSettings.ts';
import type { Variant } from '../variants.ts';
import { BEST_EPOCH, type ClaimTest, type DatasetAnswer, type DatasetTests, missingWords, type Question } from './verdict.ts';

const UAF = ['uaf-hard', 'uaf-soft', 'uaf-rl'];

/** Of fewer epochs nobody can say that one method over-fits sooner. */
const FEWEST_EPOCHS = 5;

/** Fig. 4, by the epoch of the highest validation HR@5 (as drawn there), a number a run: tested over seeds. */
export const overFitting: Question = {
  id: 'over-fitting',
  statement: 'Finetune-All over-fits sooner: its best epoch on validation comes earlier than UAF’s.',
  source: 'Question 3, Fig. 4',
  template: 'figure-4',
  needs:
    'It takes runs of UAF-Hard, UAF-Soft or UAF-RL and of Finetune-All over several epochs, with the same settings and at least two seeds.',
  ask: (conditions, names) =>
    bestOfDatasets(conditions, (condition) => {
      if (condition.dataset.task !== 'ranking' || isTenth(condition)) return null;
      const usual = variantOf(condition, 'finetune-all');
      const others = UAF.flatMap((method) => variantOf(condition, method) ?? []);
      if (usual === null || others.length === 0) return null;
      return { usual, others };
    }).map(({ condition, found: { usual, others } }) => {
      const name = names.get(condition.dataset.hash) ?? condition.dataset.name;
      return answerOn(
        name,
        condition,
        usual,
        others,
        shownSettings([{ name, condition, variants: [usual, ...others] }], conditions),
      );
    }),
};

function answerOn(
  dataset: string,
  { configuration }: Condition,
  usual: Variant,
  others: readonly Variant[],
  settings: readonly string[],
): DatasetAnswer | DatasetTests {
  const tests = others.map((variant): ClaimTest => {
    const [first, second] = [variant, usual].map(({ runs }) =>
      runs.map((run) => ({ seed: run.report.seed, value: courseOf(run).best })),
    );
    const names = { first: describeMethod(variant.method).label, second: describeMethod(usual.method).label };
    return { ...names, metric: BEST_EPOCH, ask: 'more', margin: 0, over: 'seeds', test: testOfSeeds(first, second) };
  });
  const missing = UAF.filter((id) => !others.some(({ method }) => method === id)).map((id) => describeMethod(id).label);
  const { epochs } = configuration.fineTuning;
  const notes = [
    courseWords([usual, ...others], epochs),
    'This goes by HR@5, as Fig. 4 does; the epoch that is tested is the best by MRR@5.',
    ...missingWords(missing),
    ...settings,
  ];
  if (epochs < FEWEST_EPOCHS) {
    const words = [
      `On ${dataset} it cannot be answered with so few epochs (${epochs}): the best one can hardly come sooner or later. It takes ${FEWEST_EPOCHS} or more.`,
      ...notes,
    ];
    return { dataset, answer: 'cannot be told', words, tests: [], isPartial: true };
  }
  if (tests.every(({ test }) => test.seeds < 2)) {
    const words = [
      `On ${dataset} there is one seed in common, of which an epoch says little: it takes two, better three.`,
      ...notes,
    ];
    return { dataset, answer: 'cannot be told', words, tests: [], isPartial: true };
  }
  return { dataset, tests, notes, isPartial: missing.length > 0 };
}

/** “Validation HR@5 is highest at epoch 3.7 of 14 with Finetune-All (0.021 lower at the last epoch) and …” */
function courseWords(variants: readonly Variant[], epochs: number): string {
  const words = variants.map(({ method, runs }) => {
    const courses = runs.map(courseOf);
    const mean = (of: (course: Course) => number) => courses.reduce((sum, course) => sum + of(course), 0) / courses.length;
    const at = Number(mean(({ best }) => best).toFixed(1));
    return `at epoch ${at} with ${describeMethod(method).label} (${mean(({ fall }) => fall).toFixed(3)} lower at the last epoch)`;
  });
  return `Of ${counted(epochs, 'epoch')}, validation HR@5 is highest ${listed(words)}, on average over seeds.`;
}

interface Course {
  /** The epoch of the highest validation HR@5; the first of several. */
  readonly best: number;
  /** What was lost from there to the last epoch. */
  readonly fall: number;
}

function courseOf({ report: { epochs } }: FinishedRun): Course {
  const hitRate = ({ validation }: { validation: Metrics }) => metricOf(validation, 'HR@5', 'sampled')?.value ?? 0;
  if (epochs.length === 0) return { best: 0, fall: 0 };
  const best = epochs.reduce((a, b) => (hitRate(b) > hitRate(a) ? b : a));
  return { best: best.epoch, fall: hitRate(best) - hitRate(epochs[epochs.length - 1]) };
}
