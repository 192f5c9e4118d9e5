import type { StreamState } from '../../data/random.ts';
import type { Parameters, StoredParameters, StoredTensor } from '../model/parameters.ts';
import type { FineTuningEpoch, PretrainingEpoch, Stage } from '../training/observer.ts';
import { CheckpointError } from './errors.ts';

/** Where a run stands. */
export interface Position {
  readonly stage: Stage;
  /** The epoch that is being trained or evaluated, from 1; one more than there are where only the test is left. */
  readonly epoch: number;
  /** Steps of it that are done. */
  readonly step: number;
}

/** Where a run stands between two steps, and the way to read what it needs to go on from there. Reading changes no number. */
export interface Stand {
  readonly position: () => Position;
  /** Its tensors are to be read before the run goes on. @throws DivergedError if the loss is no longer a number */
  readonly state: () => Promise<TrainingState>;
}

/** All that a run needs to go on as if nothing had happened, wherever it is kept meanwhile. */
export interface TrainingState {
  readonly numbers: StateNumbers;
  readonly tensors: readonly StateTensor[];
}

/** Whatever is not a tensor; JSON keeps each of them to the last bit. */
export interface StateNumbers {
  readonly position: Position;
  /** What pre-training came to so far; null for methods that do not start from a pre-trained model. */
  readonly pretraining: { readonly epochs: readonly PretrainingEpoch[]; readonly seconds: number } | null;
  /** The epochs of fine-tuning that are done. */
  readonly epochs: readonly FineTuningEpoch[];
  readonly seconds: { readonly fineTuning: number; readonly evaluation: number };
  readonly mean: MeanState;
  readonly draws: DrawsState;
  readonly optimiser: OptimiserState;
  /** Null in pre-training, which chooses none. */
  readonly best: { readonly epoch: number; readonly value: number } | null;
}

/** The running mean of the losses of an epoch. */
export interface MeanState {
  readonly sum: number;
  readonly weight: number;
}

/** What was drawn in an epoch so far. */
export interface DrawsState {
  /** By purpose. */
  readonly streams: Readonly<Record<string, StreamState>>;
  /** Batches of the source domain that a method asked for, and where the sampling of their pass stands. */
  readonly source: { readonly given: number; readonly sampling: StreamState | null };
}

export interface OptimiserState {
  /** Steps of Adam. */
  readonly step: number;
  /** Deferred tables of which no row is behind. */
  readonly settled: readonly string[];
}

/** Parameters, Adam's two moments, the last step of each row of a deferred table, the parameters of the best epoch. */
export type TensorRole = 'parameter' | 'first' | 'second' | 'last step' | 'best';

export interface StateTensor {
  readonly role: TensorRole;
  readonly name: string;
  readonly shape: number[];
  readonly type: 'float32' | 'int32';
  /** Its values, read anew each time: of a large model only one tensor at a time is on the host. */
  readonly read: () => Promise<Float32Array | Int32Array>;
}

/** Tensors on the backend as parts of a state. */
export const tensorsOf = (role: TensorRole, tensors: Parameters): StateTensor[] =>
  Object.entries(tensors).map(([name, tensor]) => ({
    role,
    name,
    shape: tensor.shape,
    type: 'float32',
    read: async () => (await tensor.data()) as Float32Array,
  }));

/** The tensors of one role, by name. */
export const partsOf = ({ tensors }: TrainingState, role: TensorRole): ReadonlyMap<string, StateTensor> =>
  new Map(tensors.filter((tensor) => tensor.role === role).map((tensor) => [tensor.name, tensor]));

/** @throws CheckpointError if it holds whole numbers */
export async function valuesOf(tensor: StateTensor): Promise<StoredTensor> {
  const values = await tensor.read();
  if (!(values instanceof Float32Array)) throw new CheckpointError(`${tensor.role} ${tensor.name} has values of another kind`);
  return { shape: tensor.shape, values };
}

/** Reads all tensors of a role. */
export async function storedOf(state: TrainingState, role: TensorRole): Promise<StoredParameters> {
  const stored: Record<string, StoredTensor> = {};
  for (const [name, tensor] of partsOf(state, role)) stored[name] = await valuesOf(tensor);
  return stored;
}
