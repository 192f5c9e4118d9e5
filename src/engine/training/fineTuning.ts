import { recommendationOperations } from '../../configuration/cost.ts';
import type { Configuration } from '../../configuration/schema.ts';
import { type Dataset, type Instances, instancesOf, targetUsersOf } from '../../data/dataset.ts';
import { permutation, randomStream } from '../../data/random.ts';
import { drawOther, fractionOf, type Split, splitInstances } from '../../data/split.ts';
import type { Stand, StateNumbers, TrainingState } from '../checkpoint/state.ts';
import { tensorsOf } from '../checkpoint/state.ts';
import { DivergedError, UnsuitableDatasetError } from '../errors.ts';
import { negativesOf } from '../evaluation/candidates.ts';
import { type EvaluationTask, evaluate, policiesOf } from '../evaluation/evaluate.ts';
import { type Metrics, metricsOf, type Outcomes, outcomesAt, selectionOf } from '../evaluation/metrics.ts';
import { type PolicySummary, summarise, type UserPolicies } from '../evaluation/policies.ts';
import type { Batch, Method, MethodContext } from '../methods/method.ts';
import { methodOf } from '../methods/registry.ts';
import { userBatch } from '../methods/userBatch.ts';
import { download, initialise, type ParameterSpecification, type StoredParameters } from '../model/parameters.ts';
import { EpochDraws, NOTHING_DRAWN } from './draws.ts';
import { type FineTuningEpoch, type Observer, PROGRESS_INTERVAL } from './observer.ts';
import { MeanLoss, Optimiser, type Snapshot } from './optimiser.ts';
import { CACHE_BUDGET, UserCache } from './userCache.ts';

/** The instances of a run, and what is evaluated. Depends on the dataset and its split alone, never on method or seed. */
export interface Task {
  readonly instances: Instances;
  readonly split: Split;
  /** What the best epoch is chosen on. */
  readonly validation: EvaluationTask;
  readonly test: EvaluationTask;
  /** The target and its negatives, as many as the catalogue allows; the classes of a profile task. */
  readonly candidates: number;
}

/** @throws UnsuitableDatasetError if the split leaves nothing to train, validate or test on */
export function taskOf(dataset: Dataset, { dataset: settings, fineTuning, evaluation }: Configuration): Task {
  const instances = instancesOf(dataset);
  const onTest = fineTuning.selectOn === 'test';
  const split = partsOf(dataset, instances, settings, fineTuning);
  const items = dataset.targetItems.length;
  if (items < 2) throw new UnsuitableDatasetError('There is only one target item: nothing can be ranked.');
  for (const [part, indices] of Object.entries(split)) {
    if (indices.length === 0 && !(onTest && part === 'validation'))
      throw new UnsuitableDatasetError(`The split leaves no instance for ${part}; there are ${instances.item.length} in all.`);
  }
  if (settings.split === 'latest' && !dataset.timed) {
    throw new UnsuitableDatasetError('The split “latest” needs interactions with a time; this dataset has none. Use “random”.');
  }
  const evaluated = (indices: Int32Array): EvaluationTask => {
    const item = indices.map((i) => instances.item[i]);
    return {
      instances: indices,
      user: indices.map((i) => instances.user[i]),
      item,
      negatives:
        dataset.task === 'profile' ? null : negativesOf(settings.splitSeed, indices, item, items, evaluation.candidates - 1),
    };
  };
  const test = evaluated(split.test);
  return {
    instances,
    split,
    validation: onTest ? test : evaluated(split.validation),
    test,
    candidates: dataset.task === 'profile' ? items : Math.min(evaluation.candidates, items),
  };
}

/** With `selectOn: test` (release) there are two parts only: the validation instances test, too. */
function partsOf(
  dataset: Dataset,
  instances: Instances,
  { split: kind, splitSeed }: Configuration['dataset'],
  { trainingFraction, selectOn }: Configuration['fineTuning'],
): Split {
  const { train, validation, test } = splitInstances(dataset, instances, kind, splitSeed);
  const kept = fractionOf(train, trainingFraction, splitSeed);
  if (selectOn === 'validation') return { train: kept, validation, test };
  return { train: kept, validation: new Int32Array(), test: Int32Array.from([...validation, ...test]).sort() };
}

/** What fine-tuning ends with: everything of the best epoch. */
export interface FineTuned {
  readonly epochs: readonly FineTuningEpoch[];
  /** From 1; 0 for a method that is not trained. */
  readonly bestEpoch: number;
  readonly test: Metrics;
  /** Of the test instances, in dataset order. */
  readonly outcomes: Outcomes;
  /** Of all users with targets, at the best epoch. */
  readonly policies: UserPolicies | null;
  /** Over the users of the test instances, at the best epoch. */
  readonly policy: PolicySummary | null;
  readonly parameters: StoredParameters;
  readonly seconds: FineTuningSeconds;
  /** The test metrics of users by how many of their targets trained: how cold they were. Ascending, without empty groups. */
  readonly byTrainingTargets: readonly TargetsGroup[];
  readonly cost: Cost;
}

interface FineTuningSeconds {
  readonly fineTuning: number;
  readonly evaluation: number;
  /** Of one user: the test users in passes, with policy and the ranking of all items; nothing kept from training is used. */
  readonly recommendation: number;
}

/** The test instances of users with so many training targets. */
export interface TargetsGroup {
  readonly targets: number;
  readonly test: Metrics;
}

/** What a method takes, at its best epoch. */
export interface Cost {
  /** Values that training changes, and all there are. */
  readonly trained: number;
  readonly parameters: number;
  /** Of one recommendation: see `recommendationOperations`. */
  readonly operations: number;
}

/** What a fine-tuning begins with. */
export interface FineTuningStart {
  /** What it starts from; unused by methods that start from random values or from counts, and by what goes on. */
  readonly pretrained: StoredParameters;
  /** How that came about: it is part of checkpoints. */
  readonly pretraining: StateNumbers['pretraining'];
  /** Where it goes on; null where it begins. Its numbers are those that it would have had. */
  readonly resumed: TrainingState | null;
  /** Bytes that may be kept of what the method leaves frozen; with 0 it is computed anew every time, and the numbers are the same. */
  readonly cacheBudget?: number;
}

/** The best epoch so far. */
interface Best {
  readonly epoch: number;
  readonly value: number;
  readonly snapshot: Snapshot;
}

/**
 * Fine-tunes by `configuration.method` and evaluates: best epoch by validation MRR@5 (100 candidates; of a profile task by
 * accuracy), the test set read once, at that epoch.
 *
 * @throws DivergedError, UnsuitableDatasetError, CheckpointError, and whatever the observer throws to end the run
 */
export async function fineTune(
  dataset: Dataset,
  configuration: Configuration,
  task: Task,
  { pretrained, pretraining, resumed, cacheBudget = CACHE_BUDGET }: FineTuningStart,
  observer: Observer,
): Promise<FineTuned> {
  const { seed, fineTuning, evaluation } = configuration;
  const method = methodOf(configuration.method);
  const context = contextOf(dataset, configuration, task);
  const specifications = method.parameters(context);
  const isTrained = (name: string) => method.isTrained(name, context);
  const optimiser =
    resumed === null
      ? new Optimiser(initialise(specifications, seed, pretrained), isTrained, fineTuning.learningRate)
      : await Optimiser.restored(resumed, specifications, isTrained, fineTuning.learningRate);
  const clock = new Stopwatch(observer.now, resumed?.numbers.seconds);
  const users = targetUsersOf(dataset);
  const testUsers = new Set(task.test.user);
  const records: FineTuningEpoch[] = [...(resumed?.numbers.epochs ?? [])];
  const at = new Place(dataset, configuration, resumed?.numbers);
  let best: Best | null = null;
  const stand: Stand = {
    position: () => at.position(),
    state: async () => {
      const { optimiser: stepped, tensors } = optimiser.state();
      const numbers: StateNumbers = {
        position: at.position(),
        pretraining,
        epochs: [...records],
        seconds: clock.seconds,
        mean: await at.mean.state(),
        draws: at.draws.state(),
        optimiser: stepped,
        best: best && { epoch: best.epoch, value: best.value },
      };
      // What cannot be gone on from is not kept.
      if (!Number.isFinite(numbers.mean.sum)) throw new DivergedError('fine-tuning', at.epoch, at.step);
      return { numbers, tensors: [...tensors, ...tensorsOf('best', best?.snapshot.trained ?? {})] };
    },
  };
  const turn = () => observer.turn(stand);
  try {
    best = resumed?.numbers.best
      ? { ...resumed.numbers.best, snapshot: await optimiser.restoredSnapshot(resumed) }
      : { epoch: 0, value: -1, snapshot: optimiser.snapshot() };
    const epochs = method.start === 'counts' ? 0 : fineTuning.epochs;
    // Of what is frozen alone: to use all parameters would bring rows up that are behind in the middle of an epoch.
    const cache = await clock.time('fineTuning', () =>
      UserCache.fill(method, optimiser.frozenParameters, context, dataset, usersIn(task), cacheBudget, turn),
    );
    const isOver = (chosen: Best) => fineTuning.patience > 0 && at.epoch - 1 - chosen.epoch >= fineTuning.patience;
    while (at.epoch <= epochs && !isOver(best)) {
      const trainLoss = await clock.time('fineTuning', () =>
        trainEpoch(at, dataset, task, method, context, optimiser, cache, observer, turn),
      );
      const record = await clock.time('evaluation', async () => {
        const model = { method, parameters: optimiser.parameters, context, epoch: at.epoch, cache };
        const outcomes = await evaluate(model, dataset, task.validation, turn);
        const validation = metricsOf(outcomes, task.validation.item, withSelection(evaluation.cutoffs));
        const policies = await policiesOf(model, dataset, users, turn);
        const policy = policies && summarise(policies, (user) => testUsers.has(user));
        const record: FineTuningEpoch = { epoch: at.epoch, trainLoss, validation, policy };
        await observer.fineTuningEpoch(record, policies);
        return record;
      });
      records.push(record);
      const value = selectionOf(record.validation);
      if (value > best.value) {
        best.snapshot.dispose();
        best = { epoch: at.epoch, value, snapshot: optimiser.snapshot() };
      }
      at.next();
      await turn();
    }
    const chosen = best;
    const { recommendation, ...result } = await clock.time('evaluation', async () => {
      const model = { method, parameters: chosen.snapshot.parameters, context, epoch: chosen.epoch, cache };
      const started = observer.now();
      // Whole passes, though the frozen part of each user is known: what is timed is a recommendation for a new one.
      const outcomes = await evaluate({ ...model, cache: null }, dataset, task.test, turn);
      const recommendation = (observer.now() - started) / 1000 / testUsers.size;
      const policies = await policiesOf(model, dataset, users, turn);
      return {
        epochs: records,
        bestEpoch: chosen.epoch,
        test: metricsOf(outcomes, task.test.item, withSelection(evaluation.cutoffs)),
        byTrainingTargets: byTrainingTargets(outcomes, task, withSelection(evaluation.cutoffs)),
        cost: {
          ...countedValues(specifications, isTrained),
          operations: recommendationOperations(configuration, context.targetItems),
        },
        outcomes,
        recommendation,
        policies,
        policy: policies && summarise(policies, (user) => testUsers.has(user)),
        parameters: await download(chosen.snapshot.parameters),
      };
    });
    return { ...result, seconds: { ...clock.seconds, recommendation } };
  } finally {
    best?.snapshot.dispose();
    at.dispose();
    optimiser.dispose();
  }
}

/** Where a fine-tuning stands: its epoch, and what that has come to so far. */
class Place {
  epoch: number;
  step: number;
  mean: MeanLoss;
  draws: EpochDraws;

  constructor(
    private readonly dataset: Dataset,
    private readonly configuration: Configuration,
    from: Pick<StateNumbers, 'position' | 'mean' | 'draws'> | undefined,
  ) {
    this.epoch = from?.position.epoch ?? 1;
    this.step = from?.position.step ?? 0;
    this.mean = new MeanLoss(from?.mean);
    this.draws = new EpochDraws(dataset, configuration, this.epoch, from?.draws ?? NOTHING_DRAWN);
  }

  position = () => ({ stage: 'fine-tuning' as const, epoch: this.epoch, step: this.step });

  /** The beginning of the next epoch. */
  next(): void {
    this.epoch++;
    this.step = 0;
    this.mean.dispose();
    this.mean = new MeanLoss();
    this.draws = new EpochDraws(this.dataset, this.configuration, this.epoch, NOTHING_DRAWN);
  }

  dispose(): void {
    this.mean.dispose();
  }
}

function byTrainingTargets(outcomes: Outcomes, { instances, split, test }: Task, cutoffs: readonly number[]): TargetsGroup[] {
  const trained = new Map<number, number>();
  for (const i of split.train) trained.set(instances.user[i], (trained.get(instances.user[i]) ?? 0) + 1);
  const groups = new Map<number, number[]>();
  test.user.forEach((user, place) => {
    const targets = trained.get(user) ?? 0;
    const group = groups.get(targets);
    if (group === undefined) groups.set(targets, [place]);
    else group.push(place);
  });
  const ordered = Array.from(groups).sort(([a], [b]) => a - b);
  return ordered.map(([targets, places]) => ({
    targets,
    test: metricsOf(
      outcomesAt(outcomes, places),
      places.map((place) => test.item[place]),
      cutoffs,
    ),
  }));
}

function countedValues(
  specifications: readonly ParameterSpecification[],
  isTrained: (name: string) => boolean,
): { trained: number; parameters: number } {
  const sizes = specifications.map(({ name, shape }) => ({ size: shape.reduce((a, b) => a * b, 1), trained: isTrained(name) }));
  const sum = (of: readonly { size: number }[]) => of.reduce((total, { size }) => total + size, 0);
  return { trained: sum(sizes.filter(({ trained }) => trained)), parameters: sum(sizes) };
}

/** The cut-offs of a report; 5 is always among them, since the best epoch is chosen by it. */
const withSelection = (cutoffs: readonly number[]): number[] => Array.from(new Set([5, ...cutoffs])).sort((a, b) => a - b);

/** Everyone whom a run trains or evaluates, each once. */
const usersIn = ({ instances, split }: Task): Int32Array =>
  Int32Array.from(
    new Set([split.train, split.validation, split.test].flatMap((part) => Array.from(part, (i) => instances.user[i]))),
  );

/** What a method has to know of a run. */
export function contextOf(dataset: Dataset, configuration: Configuration, { instances, split }: Task): MethodContext {
  const popularity = new Float32Array(dataset.targetItems.length);
  for (const i of split.train) popularity[instances.item[i]]++;
  return {
    configuration,
    task: dataset.task,
    sourceItems: dataset.sourceItems.length - 1,
    targetItems: dataset.targetItems.length,
    popularity,
  };
}

/** What is left of a pass over the training instances; the mean loss. */
async function trainEpoch(
  at: Place,
  dataset: Dataset,
  { instances, split: { train } }: Task,
  method: Method,
  context: MethodContext,
  optimiser: Optimiser,
  cache: UserCache | null,
  observer: Observer,
  turn: () => Promise<void>,
): Promise<number> {
  const { seed, sequenceLength: length, fineTuning } = context.configuration;
  const { epoch, mean, draws } = at;
  const rows = Math.min(fineTuning.batchSize, train.length);
  const steps = Math.ceil(train.length / rows);
  const order = permutation(randomStream(seed, 'fine-tuning/shuffle', epoch), train.length);
  let told = performance.now();
  while (at.step < steps) {
    const part = order.subarray(at.step * rows, (at.step + 1) * rows);
    const users = part.map((i) => instances.user[train[i]]);
    const positives = new Int32Array(rows);
    const negatives = new Int32Array(rows);
    part.forEach((i, row) => {
      positives[row] = instances.item[train[i]];
      if (context.task === 'profile') return;
      negatives[row] = drawOther(draws.random('negatives'), positives[row], context.targetItems);
    });
    const batch: Batch = {
      ...userBatch(dataset, users, rows, length),
      frozen: cache?.rowsOf(users, rows),
      positives,
      negatives,
      instances: part.length,
      epoch,
      random: draws.random,
      source: draws.source,
    };
    mean.add(
      optimiser.step((parameters) => method.loss(parameters, batch, context)),
      part.length,
    );
    at.step++;
    if (at.step === steps || performance.now() - told > PROGRESS_INTERVAL) {
      told = performance.now();
      const loss = await mean.value();
      if (!Number.isFinite(loss)) throw new DivergedError('fine-tuning', epoch, at.step);
      observer.progress({ stage: 'fine-tuning', epoch, epochs: fineTuning.epochs, step: at.step, steps, loss });
    }
    await turn();
  }
  return mean.value();
}

/** Adds up the time spent in parts of a run, in seconds; pauses do not count. */
class Stopwatch {
  private readonly spent: Record<Part, number>;
  private running: { readonly part: Part; readonly since: number } | null = null;

  constructor(
    private readonly now: () => number,
    spent: Readonly<Record<Part, number>> = { fineTuning: 0, evaluation: 0 },
  ) {
    this.spent = { ...spent };
  }

  /** Up to now. */
  get seconds(): Readonly<Record<Part, number>> {
    if (this.running === null) return { ...this.spent };
    const { part, since } = this.running;
    return { ...this.spent, [part]: this.spent[part] + (this.now() - since) / 1000 };
  }

  async time<T>(part: Part, work: () => Promise<T>): Promise<T> {
    this.running = { part, since: this.now() };
    try {
      return await work();
    } finally {
      this.spent[part] = this.seconds[part];
      this.running = null;
    }
  }
}

type Part = 'fineTuning' | 'evaluation';
