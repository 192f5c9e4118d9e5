import { pretrainingKey } from '../../configuration/pretrainingKey.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { Dataset } from '../../data/dataset.ts';
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
  /** Null for methods that do not start from a pre-trained model. */
  readonly pretraining: Pretrained | null;
  readonly fineTuned: FineTuned;
  /** What it was trained and evaluated on. */
  readonly task: Task;
}

/**
 * A whole run: pre-training, unless the store has it already, then fine-tuning and evaluation. Given the dataset,
 * the configuration and the backend, its numbers are always the same.
 *
 * @throws ConfigurationError, UnsuitableDatasetError, DivergedError, and whatever the observer throws to end the run
 */
export async function run(
  dataset: Dataset,
  configuration: Configuration,
  store: PretrainingStore,
  observer: Observer,
): Promise<RunResult> {
  const task = taskOf(dataset, configuration);
  try {
    const pretraining =
      methodOf(configuration.method).start === 'pretrained' ? await pretrained(dataset, configuration, store, observer) : null;
    giveBackMemory();
    const fineTuned = await fineTune(dataset, configuration, task, pretraining?.parameters ?? {}, observer);
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
): Promise<Pretrained> {
  const key = pretrainingKey(configuration);
  const known = await store.get(key);
  if (known !== undefined) {
    await observer.pretrainingReused(known.epochs);
    // This run did not spend the seconds.
    return { ...known, seconds: 0 };
  }
  const result = await pretrain(dataset, configuration, observer);
  await store.put(key, result);
  return result;
}
