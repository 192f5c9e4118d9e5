import * as tf from '@tensorflow/tfjs';
import { type AdamState, adamStep, defersRows } from '../kernels/adam/index.ts';
import { DeferredTable } from '../kernels/embedding/deferred.ts';
import { type Parameters, type StoredParameters, upload } from '../model/parameters.ts';

/** Tables that most steps read some rows of, by the beginning or end of their names. */
const isTable = (name: string): boolean => name.endsWith('item_embedding') || /^(target|output)\./.test(name);

/** A trained tensor; `table` where its rows are stepped only as they are read. */
interface Trained {
  state: AdamState;
  readonly table: DeferredTable | null;
}

/** Parameters on the backend, some of them trained with Adam. Owns its tensors: call `dispose`. */
export class Optimiser {
  private readonly frozen: Record<string, tf.Tensor>;
  private readonly trained: Readonly<Record<string, Trained>>;
  private steps = 0;

  constructor(
    initial: StoredParameters,
    isTrained: (name: string) => boolean,
    private readonly learningRate: number,
  ) {
    const entries = Object.entries(upload(initial));
    this.frozen = Object.fromEntries(entries.filter(([name]) => !isTrained(name)));
    this.trained = Object.fromEntries(
      entries
        .filter(([name]) => isTrained(name))
        .map(([name, parameter]) => {
          const state = { parameter, first: tf.zerosLike(parameter), second: tf.zerosLike(parameter) };
          return [name, { state, table: isTable(name) && defersRows() ? new DeferredTable(state, learningRate) : null }];
        }),
    );
  }

  /** All parameters as they stand now; the next step replaces or overwrites the tensors of trained ones. */
  get parameters(): Parameters {
    for (const { table } of Object.values(this.trained)) table?.settle();
    return this.current();
  }

  private current(): Parameters {
    const trained = Object.entries(this.trained).map(([name, { state }]) => [name, state.parameter]);
    return { ...this.frozen, ...Object.fromEntries(trained) };
  }

  /** One step down the gradient of a loss; the loss, still on the backend. */
  step(loss: (parameters: Parameters) => tf.Tensor): tf.Scalar {
    this.steps++;
    const trained = Object.values(this.trained);
    const handles = trained.flatMap(({ table }) => (table === null ? [] : [table.handle]));
    const { value, after } = tf.tidy(() => {
      const { value, grads } = tf
        .engine()
        .gradients(() => loss(this.current()), [...trained.map(({ state }) => state.parameter), ...handles], undefined, true);
      const after = trained.map(({ state, table }, i) => {
        const gradient: tf.Tensor | null | undefined = grads[i];
        if (gradient) return this.denseStep(state, table, gradient);
        table?.takeStep(this.steps);
        return state;
      });
      return { value, after: after.map(({ parameter, first, second }) => [parameter, first, second]) };
    });
    trained.forEach((tensor, i) => {
      const [parameter, first, second] = after[i];
      const { state } = tensor;
      tf.dispose([state.parameter, state.first, state.second].filter((old, j) => old !== after[i][j]));
      tensor.state = { parameter, first, second };
    });
    return value as tf.Scalar;
  }

  /** A step of all rows. What was read of the table by rows in the same step adds its gradient. */
  private denseStep(state: AdamState, table: DeferredTable | null, gradient: tf.Tensor): AdamState {
    const byRows = table?.takeGradient(this.steps) ?? null;
    return adamStep(state, byRows === null ? gradient : tf.add(gradient, byRows), this.learningRate, this.steps);
  }

  /** A copy of the trained parameters as they stand now: steps may write in place. */
  snapshot(): Snapshot {
    const { parameters } = this;
    const copy = (parameter: tf.Tensor) => tf.tidy(() => tf.add(parameter, 0));
    const tensors = Object.fromEntries(Object.keys(this.trained).map((name) => [name, copy(parameters[name])]));
    return { parameters: { ...this.frozen, ...tensors }, dispose: () => tf.dispose(tensors) };
  }

  dispose(): void {
    tf.dispose(this.frozen);
    for (const { state, table } of Object.values(this.trained)) {
      table?.dispose();
      tf.dispose([state.parameter, state.first, state.second]);
    }
  }
}

export interface Snapshot {
  readonly parameters: Parameters;
  readonly dispose: () => void;
}

/** The mean of the losses of some steps, kept on the backend until it is asked for. */
export class MeanLoss {
  private sum: tf.Tensor = tf.scalar(0);
  private weight = 0;

  /** Takes ownership of `loss`. */
  add(loss: tf.Scalar, weight: number): void {
    const next = tf.tidy(() => tf.add(this.sum, tf.mul(loss, weight)));
    tf.dispose([this.sum, loss]);
    this.sum = next;
    this.weight += weight;
  }

  async value(): Promise<number> {
    return (await this.sum.data())[0] / Math.max(1, this.weight);
  }

  dispose(): void {
    this.sum.dispose();
  }
}
