import type { Configuration } from '../../configuration/schema.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { MeanState, Stand, StateNumbers, TrainingState } from '../checkpoint/state.ts';
import { DivergedError } from '../errors.ts';
import { nextItemLoss } from '../model/nextItem.ts';
import {
  blockParameters,
  download,
  embeddingParameter,
  initialise,
  linearParameters,
  type ParameterSpecification,
  type StoredParameters,
} from '../model/parameters.ts';
import { NOTHING_DRAWN } from './draws.ts';
import { type Observer, PROGRESS_INTERVAL, type PretrainingEpoch } from './observer.ts';
import { MeanLoss, Optimiser } from './optimiser.ts';
import { SourceBatches, type SourcePass } from './sourceBatches.ts';

/** The stream of an epoch, in a checkpoint. */
const SAMPLING = 'sampled items';

/** A pre-trained model and how it came about. */
export interface Pretrained {
  readonly parameters: StoredParameters;
  readonly epochs: readonly PretrainingEpoch[];
  readonly seconds: number;
}

/** NextItNet with its output layer; `sourceItems` without padding, which has a row and a class, too. */
export function pretrainingParameters(
  { channels, dilations, kernelSize }: Pick<Configuration, 'channels' | 'dilations' | 'kernelSize'>,
  sourceItems: number,
): ParameterSpecification[] {
  return [
    ...embeddingParameter('item_embedding', sourceItems + 1, channels),
    ...blockParameters('blocks', dilations.length, channels, kernelSize),
    ...linearParameters('output', sourceItems + 1, channels),
  ];
}

/**
 * Pre-trains NextItNet on the source sequences of all users with at least two items.
 *
 * @param resumed where it goes on; its numbers are those that it would have had
 * @throws DivergedError, UnsuitableDatasetError, CheckpointError, and whatever the observer throws to end the run
 */
export async function pretrain(
  dataset: Dataset,
  configuration: Configuration,
  observer: Observer,
  resumed: TrainingState | null = null,
): Promise<Pretrained> {
  const { seed, pretraining } = configuration;
  const { epochs, learningRate } = pretraining;
  const before = resumed?.numbers.pretraining ?? { epochs: [], seconds: 0 };
  const started = observer.now();
  const seconds = () => before.seconds + (observer.now() - started) / 1000;
  const source = new SourceBatches(dataset, configuration);
  const { steps } = source;
  const specifications = pretrainingParameters(configuration, dataset.sourceItems.length - 1);
  const optimiser =
    resumed === null
      ? new Optimiser(initialise(specifications, seed), () => true, learningRate)
      : await Optimiser.restored(resumed, specifications, () => true, learningRate);
  const records: PretrainingEpoch[] = [...before.epochs];
  let epoch = resumed?.numbers.position.epoch ?? 1;
  let step = resumed?.numbers.position.step ?? 0;
  let mean = new MeanLoss(resumed?.numbers.mean);
  /** Of the epoch that was begun. */
  let pass: SourcePass | null = null;
  const stand: Stand = {
    position: () => ({ stage: 'pretraining', epoch, step }),
    state: async () => {
      const { optimiser: stepped, tensors } = optimiser.state();
      const numbers: StateNumbers = {
        position: stand.position(),
        pretraining: { epochs: [...records], seconds: seconds() },
        epochs: [],
        seconds: { fineTuning: 0, evaluation: 0 },
        mean: await finite(mean),
        draws: pass === null ? NOTHING_DRAWN : { ...NOTHING_DRAWN, streams: { [SAMPLING]: pass.sampling() } },
        optimiser: stepped,
        best: null,
      };
      return { numbers, tensors };
    },
  };
  try {
    while (epoch <= epochs) {
      await trainEpoch();
      const record = { epoch, loss: await mean.value() };
      records.push(record);
      await observer.pretrainingEpoch(record);
      mean.dispose();
      mean = new MeanLoss();
      epoch++;
      step = 0;
      pass = null;
      await observer.turn(stand);
    }
    const parameters = await download(optimiser.parameters);
    return { parameters, epochs: records, seconds: seconds() };
  } finally {
    mean.dispose();
    optimiser.dispose();
  }

  /** What is left of a pass over the users. */
  async function trainEpoch(): Promise<void> {
    const batches = source.pass('pre-training', [epoch], step === 0 ? null : resumed?.numbers.draws.streams[SAMPLING]);
    pass = batches;
    let told = performance.now();
    while (step < steps) {
      step++;
      const batch = batches.batch(step);
      const loss = optimiser.step((parameters) => nextItemLoss(parameters, batch, configuration));
      mean.add(loss, batch.counted);
      if (step === steps || performance.now() - told > PROGRESS_INTERVAL) {
        told = performance.now();
        const value = await mean.value();
        if (!Number.isFinite(value)) throw new DivergedError('pre-training', epoch, step);
        observer.progress({ stage: 'pretraining', epoch, epochs, step, steps, loss: value });
      }
      await observer.turn(stand);
    }
  }

  /** What cannot be gone on from is not kept. */
  async function finite(loss: MeanLoss): Promise<MeanState> {
    const state = await loss.state();
    if (!Number.isFinite(state.sum)) throw new DivergedError('pre-training', epoch, step);
    return state;
  }
}
