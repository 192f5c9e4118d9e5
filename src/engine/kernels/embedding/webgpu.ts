import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { Tensors } from '../operation.ts';
import type { Segments } from './segments.ts';

/** One invocation an element of the output, no atomics. */
export function sumSegmentsOnGpu({ dy }: Tensors, { rows, starts, order }: Segments, backend: tf.KernelBackend): tf.Tensor[] {
  const width = dy.shape[1] as number;
  const workgroupSize: [number, number, number] = [64, 1, 1];
  const program: WebGPUProgram = {
    outputShape: [rows, width],
    variableNames: ['dy', 'starts', 'order'],
    workgroupSize,
    dispatchLayout: { x: [0, 1] },
    dispatch: dispatchFor(rows * width, workgroupSize[0]),
    shaderKey: 'studio-segment-sum',
    size: true,
    uniforms: 'width : i32,',
    getUserCode: () => `
      fn main(index : i32) {
        if (index >= uniforms.size) { return; }
        let row = index / uniforms.width;
        let channel = index % uniforms.width;
        var sum = 0.0;
        for (var i = starts[row]; i < starts[row + 1]; i = i + 1) {
          sum = sum + dy[order[i] * uniforms.width + channel];
        }
        setOutputAtIndex(index, sum);
      }`,
  };
  const inputs = [dy, tf.tensor1d(starts, 'int32'), tf.tensor1d(order, 'int32')];
  const output = (backend as WebGPUBackend).runWebGPUProgram(program, inputs, 'float32', [{ type: 'int32', data: [width] }]);
  return [tf.engine().makeTensorFromTensorInfo(output)];
}

/** Workgroups over x, spilling to y beyond the limit of 65,535 in one dimension. */
function dispatchFor(invocations: number, size: number): [number, number, number] {
  const groups = Math.ceil(invocations / size);
  if (groups <= 65_535) return [groups, 1, 1];
  const x = Math.ceil(Math.sqrt(groups));
  return [x, Math.ceil(groups / x), 1];
}
