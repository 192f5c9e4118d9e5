import * as tf from '@tensorflow/tfjs';
import { type AdamState, adamStep } from '../kernels/adam/index.ts';
import { type Parameters, type StoredParameters, upload } from '../model/parameters.ts';

/** Parameters on the backend, some of them trained with Adam. Owns its tensors: call `dispose`. */
export class Optimiser {
  private readonly frozen: Record<string, tf.Tensor>;
  private readonly states: Record<string, AdamState>;
  private steps = 0;

  constructor(
    initial: StoredParameters,
    isTrained: (name: string) => boolean,
    private readonly learningRate: number,
  ) {
    const all = upload(initial);
    const entries = Object.entries(all);
    this.frozen = Object.fromEntries(entries.filter(([name]) => !isTrained(name)));
    this.states = Object.fromEntries(
      entries
        .filter(([name]) => isTrained(name))
        .map(([name, parameter]) => [name, { parameter, first: tf.zerosLike(parameter), second: tf.zerosLike(parameter) }]),
    );
  }

  /** All parameters as they stand now; the next step replaces or overwrites the tensors of trained ones. */
  get parameters(): Parameters {
    const trained = Object.entries(this.states).map(([name, { parameter }]) => [name, parameter]);
    return { ...this.frozen, ...Object.fromEntries(trained) };
  }

  /** One step down the gradient of a loss; the loss, still on the backend. */
  step(loss: (parameters: Parameters) => tf.Tensor): tf.Scalar {
    this.steps++;
    const names = Object.keys(this.states);
    const { value, after } = tf.tidy(() => {
      const { parameters } = this;
      const { value, grads } = tf.engine().gradients(
        () => loss(parameters),
        names.map((name) => this.states[name].parameter),
        undefined,
        true,
      );
      const after = names.map((name, i) =>
        grads[i] === null ? this.states[name] : adamStep(this.states[name], grads[i], this.learningRate, this.steps),
      );
      return { value, after: after.map(({ parameter, first, second }) => [parameter, first, second]) };
    });
    names.forEach((name, i) => {
      const { parameter, first, second } = this.states[name];
      const replaced = [parameter, first, second].filter((tensor, j) => tensor !== after[i][j]);
      tf.dispose(replaced);
      this.states[name] = { parameter: after[i][0], first: after[i][1], second: after[i][2] };
    });
    return value as tf.Scalar;
  }

  /** A copy of the trained parameters as they stand now: steps may write in place. */
  snapshot(): Snapshot {
    const copy = (parameter: tf.Tensor) => tf.tidy(() => tf.add(parameter, 0));
    const tensors = Object.fromEntries(Object.entries(this.states).map(([name, { parameter }]) => [name, copy(parameter)]));
    return { parameters: { ...this.frozen, ...tensors }, dispose: () => tf.dispose(tensors) };
  }

  dispose(): void {
    tf.dispose(this.frozen);
    for (const { parameter, first, second } of Object.values(this.states)) tf.dispose([parameter, first, second]);
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
