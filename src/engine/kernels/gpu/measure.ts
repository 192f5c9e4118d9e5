import * as tf from '@tensorflow/tfjs';
import { trunkGeometry } from '../block/geometry.ts';
import { type Branch, residualBlock } from '../block/index.ts';
import type { Gpu } from './gpu.ts';
import { canRun, VARIANTS, type Variant } from './variants.ts';

/** A block of the paper's model: large enough that its products decide, and done in a moment. */
const SIZES = { batch: 64, length: 50, channels: 128, taps: 3, dilation: 1 };
const ROUNDS = 3;

/** The variant that computes a residual block, forward and backward, in the least time on this device; its median decides. Those that the device refuses are left out. */
export async function fastestVariant(gpu: Gpu): Promise<Variant> {
  const { batch, length, channels, taps, dilation } = SIZES;
  const [geometry] = trunkGeometry(length, [dilation], taps, 'everywhere').blocks;
  const vector = () => tf.fill([channels], 0.1);
  const kernel = () => tf.fill([taps, channels, channels], 0.01);
  const half = (i: 1 | 2) => ({
    [`conv${i}.kernel`]: kernel(),
    [`conv${i}.bias`]: vector(),
    [`norm${i}.gamma`]: vector(),
    [`norm${i}.beta`]: vector(),
  });
  const branch = { ...half(1), ...half(2) } as Branch;
  const x = tf.tidy(() => tf.reshape(tf.linspace(-1, 1, batch * length * channels), [batch, length, channels]));
  const before = gpu.variant;
  let best: { variant: Variant; milliseconds: number } | null = null;
  try {
    for (const variant of VARIANTS.filter((candidate) => canRun(gpu.device, candidate))) {
      gpu.variant = variant;
      const times: number[] = [];
      // One that this driver does not take does nothing, in no time.
      gpu.device.pushErrorScope('validation');
      // The first round compiles.
      for (let round = 0; round <= ROUNDS; round++) {
        const started = performance.now();
        tf.tidy(() => {
          tf.engine().gradients(() => tf.sum(residualBlock(x, branch, geometry)), [x, ...Object.values(branch)]);
        });
        gpu.submit();
        await gpu.device.queue.onSubmittedWorkDone();
        if (round > 0) times.push(performance.now() - started);
      }
      if ((await gpu.device.popErrorScope()) !== null) continue;
      const milliseconds = times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
      if (best === null || milliseconds < best.milliseconds) best = { variant, milliseconds };
    }
  } finally {
    gpu.variant = before;
    tf.dispose([x, ...Object.values(branch)]);
  }
  return best?.variant ?? before;
}
