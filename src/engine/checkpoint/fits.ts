import { CheckpointError } from './errors.ts';
import { partsOf, type StateTensor, type TensorRole, type TrainingState } from './state.ts';

interface Specification {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Looks at all tensors of a state before any is restored: a checksum tells of accidents, not of who wrote it.
 *
 * @param specifications of all parameters of the run that is to go on
 * @throws CheckpointError if a tensor is missing, of another size, or of no parameter of the run
 */
export async function checkFits(
  state: TrainingState,
  specifications: readonly Specification[],
  isTrained: (name: string) => boolean,
): Promise<void> {
  const trained = specifications.filter(({ name }) => isTrained(name));
  const { position, optimiser, best } = state.numbers;
  checkRole(state, 'parameter', specifications);
  checkRole(state, 'first', trained);
  checkRole(state, 'second', trained);
  checkRole(state, 'best', position.stage === 'fine-tuning' && best !== null ? trained : []);
  for (const tensor of ofRole(state, 'last step')) await checkRows(tensor, trained, optimiser.step);
}

/** Each tensor once. */
function ofRole(state: TrainingState, role: TensorRole): readonly StateTensor[] {
  const parts = [...partsOf(state, role).values()];
  if (parts.length < state.tensors.filter((tensor) => tensor.role === role).length)
    throw new CheckpointError('it holds a part of the model twice');
  return parts;
}

function checkRole(state: TrainingState, role: TensorRole, expected: readonly Specification[]): void {
  const shapes = new Map(expected.map(({ name, shape }) => [name, shape.join()]));
  const parts = ofRole(state, role);
  const fits = parts.every(({ name, shape, type }) => type === 'float32' && shapes.get(name) === shape.join());
  if (!fits || parts.length !== shapes.size) throw new CheckpointError(`it is of another model (${WORDS[role]})`);
}

const WORDS: Record<TensorRole, string> = {
  parameter: 'its parameters differ',
  first: 'its moments differ',
  second: 'its moments differ',
  'last step': 'its rows differ',
  best: 'its best epoch differs',
};

/** Which step each row of a table made last: none after the last of all, since what it missed is made up for. */
async function checkRows(tensor: StateTensor, trained: readonly Specification[], steps: number): Promise<void> {
  const rows = trained.find(({ name }) => name === tensor.name)?.shape[0];
  if (tensor.type !== 'int32' || tensor.shape.join() !== `${rows}`)
    throw new CheckpointError(`it is of another model (${WORDS[tensor.role]})`);
  const last = await tensor.read();
  if (!last.every((step) => step >= 0 && step <= steps)) throw new CheckpointError('its rows made steps that there were not');
}
