import * as tf from '@tensorflow/tfjs';
import { GradientSlots, Packed, type Stored } from '../gpu/packed.ts';
import { type AdamState, adamStep, stepsTogether } from './index.ts';

/** Named tensors that belong together. Owns them. */
export interface Group {
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
  dispose(): void;
}

/** A group that Adam trains. */
export interface TrainedGroup extends Group {
  /** One step, number `step` from 1; tensors without a gradient stay as they are. Steps may replace tensors, or write over them. */
  step(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number, step: number): void;
  /** A copy of the tensors as they are now. */
  copy(): Group;
  /** Adam's first and second moments as they are now; not to be disposed of. */
  readonly moments: readonly [Tensors, Tensors];
  /** Sets the moments of a tensor. */
  restore(name: string, first: Float32Array, second: Float32Array): void;
}

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Brings values to the backend; where many tensors can be stepped as one they are put into one buffer. */
export const uploaded = (stored: Stored): Group =>
  stepsTogether() ? Packed.upload(tf.backend(), stored) : new Separate(tensorsOf(stored));

/** The same, to be trained. */
export const trained = (stored: Stored): TrainedGroup =>
  stepsTogether() ? new TrainedAsOne(Packed.upload(tf.backend(), stored)) : new TrainedOneByOne(stored);

const tensorsOf = (stored: Stored): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(stored).map(([name, { shape, values }]) => [name, tf.tensor(values, shape, 'float32')]));

class Separate implements Group {
  constructor(readonly tensors: Readonly<Record<string, tf.Tensor>>) {}
  dispose(): void {
    tf.dispose({ ...this.tensors });
  }
}

class TrainedOneByOne implements TrainedGroup {
  private readonly states: Record<string, AdamState>;

  constructor(stored: Stored) {
    this.states = Object.fromEntries(
      Object.entries(tensorsOf(stored)).map(([name, parameter]) => [
        name,
        { parameter, first: tf.zerosLike(parameter), second: tf.zerosLike(parameter) },
      ]),
    );
  }

  get tensors(): Record<string, tf.Tensor> {
    return Object.fromEntries(Object.entries(this.states).map(([name, { parameter }]) => [name, parameter]));
  }

  get moments(): readonly [Tensors, Tensors] {
    const of = (moment: 'first' | 'second') =>
      Object.fromEntries(Object.entries(this.states).map(([name, state]) => [name, state[moment]]));
    return [of('first'), of('second')];
  }

  restore(name: string, first: Float32Array, second: Float32Array): void {
    const { parameter, ...before } = this.states[name];
    tf.dispose(before);
    const { shape } = parameter;
    this.states[name] = { parameter, first: tf.tensor(first, shape), second: tf.tensor(second, shape) };
  }

  step(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number, step: number): void {
    for (const [name, gradient] of Object.entries(gradients)) {
      const before = this.states[name];
      const after = tf.tidy(() => ({ ...adamStep(before, gradient, learningRate, step) }));
      const kept = new Set(Object.values(after).map((tensor) => tf.keep(tensor)));
      tf.dispose(Object.values(before).filter((tensor) => !kept.has(tensor)));
      this.states[name] = after;
    }
  }

  copy(): Group {
    return new Separate(Object.fromEntries(Object.entries(this.tensors).map(([name, tensor]) => [name, copyOf(tensor)])));
  }

  dispose(): void {
    for (const { parameter, first, second } of Object.values(this.states)) tf.dispose([parameter, first, second]);
  }
}

/** The values of a tensor in a new one. */
export const copyOf = (tensor: tf.Tensor): tf.Tensor => tf.tidy(() => tf.add(tensor, 0));

class TrainedAsOne implements TrainedGroup {
  private readonly first: Packed;
  private readonly second: Packed;
  private readonly slots: GradientSlots;

  constructor(private readonly parameters: Packed) {
    this.first = parameters.alike();
    this.second = parameters.alike();
    this.slots = new GradientSlots(parameters);
    for (const moments of [this.first, this.second]) parameters.gpu.clear(moments.whole);
  }

  get tensors(): Readonly<Record<string, tf.Tensor>> {
    return this.parameters.tensors;
  }

  get moments(): readonly [Tensors, Tensors] {
    return [this.first.tensors, this.second.tensors];
  }

  restore(name: string, first: Float32Array, second: Float32Array): void {
    const { gpu } = this.parameters;
    gpu.submit();
    gpu.write(this.first.tensors[name], first);
    gpu.write(this.second.tensors[name], second);
  }

  step(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number, step: number): void {
    this.slots.collect(gradients);
    for (const range of this.parameters.ranges((name) => name in gradients)) {
      tf.tidy(() => {
        const [parameter, gradient, first, second] = [this.parameters, this.slots, this.first, this.second].map(({ whole }) =>
          this.parameters.gpu.view(whole, range.from, [range.floats]),
        );
        adamStep({ parameter, first, second }, gradient, learningRate, step);
      });
    }
  }

  copy(): Group {
    return this.parameters.copy();
  }

  dispose(): void {
    for (const part of [this.parameters, this.first, this.second, this.slots]) part.dispose();
  }
}
