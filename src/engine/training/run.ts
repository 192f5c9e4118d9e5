import { pretrainingKey } from '../../configuration/pretrainingKey.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { TrainingState } from '../checkpoint/state.ts';
import { giveBackMemory } from '../kernels/gpu/gpu.ts';
import { methodOf } from '../methods/registry.ts';
import { type FineTuned, fineTune, type Task, taskOf } from './fineTuning.ts';
import type { Observer } from './observer.ts';
import { type Pretrained, pretrain } from './pretraining.ts';

/** Where pre-trained models are kept, so that every fine-tuning method starts from the same one. */
export interface PretrainingStore {
  readonly get: (key: string) => Promise<Pretrained | undefined>;
  readonly put: (key: string, pretrained: Pretrained) => Promise<void>;
}

/** A finished run. */
export interface RunResult {
  /** Null for methods that do not start from a pre-trained model; without parameters where the run went on in fine-tuning. */
  readonly pretraining: (Omit<Pretrained, 'parameters'> & Partial<Pretrained>) | null;
  readonly fineTuned: FineTuned;
  /** What it was trained and evaluated on. */
  readonly task: Task;
}

/**
 * A whole run: pre-training, unless the store has it already, then fine-tuning and evaluation. Given the dataset,
 * the configuration and the backend, its numbers are always the same.
 *
 * @param resumed where it goes on, in any of these parts; the numbers are those that it would have had on the same backend
 * @throws ConfigurationError, UnsuitableDatasetError, DivergedError, CheckpointError, and whatever the observer throws to end the run
 */
export async function run(
  dataset: Dataset,
  configuration: Configuration,
  store: PretrainingStore,
  observer: Observer,
  resumed: TrainingState | null = null,
): Promise<RunResult> {
  const task = taskOf(dataset, configuration);
  try {
    if (resumed?.numbers.position.stage === 'fine-tuning') {
      const { pretraining } = resumed.numbers;
      const fineTuned = await fineTune(dataset, configuration, task, { pretrained: {}, pretraining, resumed }, observer);
      return { pretraining, fineTuned, task };
    }
    const pretraining =
      methodOf(configuration.method).start === 'pretrained'
        ? await pretrained(dataset, configuration, store, observer, resumed)
        : null;
    giveBackMemory();
    const start = {
      pretrained: pretraining?.parameters ?? {},
      pretraining: pretraining && { epochs: pretraining.epochs, seconds: pretraining.seconds },
      resumed: null,
    };
    const fineTuned = await fineTune(dataset, configuration, task, start, observer);
    return { pretraining, fineTuned, task };
  } finally {
    giveBackMemory();
  }
}

async function pretrained(
  dataset: Dataset,
  configuration: Configuration,
  store: PretrainingStore,
  observer: Observer,
  resumed: TrainingState | null,
): Promise<Pretrained> {
  const key = pretrainingKey(configuration);
  // What was begun is ended, whatever another run has pre-trained meanwhile.
  const known = resumed === null ? await store.get(key) : undefined;
  if (known !== undefined) {
    await observer.pretrainingReused(known.epochs);
    // This run did not spend the seconds.
    return { ...known, seconds: 0 };
  }
  const result = await pretrain(dataset, configuration, observer, resumed);
  await store.put(key, result);
  return result;
}
