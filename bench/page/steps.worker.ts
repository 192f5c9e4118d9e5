import tfjs from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { expose } from 'comlink';
import { type BackendInfo, openBackend } from '../../src/engine/backend.ts';
import relaxed from '../../src/engine/kernels/assembly/build/relaxed.wasm?url';
import relaxedShared from '../../src/engine/kernels/assembly/build/relaxed-shared.wasm?url';
import simd from '../../src/engine/kernels/assembly/build/simd.wasm?url';
import simdShared from '../../src/engine/kernels/assembly/build/simd-shared.wasm?url';
import type { StartThread } from '../../src/engine/kernels/threads.ts';
import { caseOf, type TaskName } from '../cases.ts';
import { engineRunner, type Runner, type Step } from '../engine.ts';
import { type Jax, jaxRunner, openJax } from '../jax.ts';
import type { Portable } from '../place.ts';

const WASM = { tfjs, relaxed, simd, 'relaxed-shared': relaxedShared, 'simd-shared': simdShared };

const startThread: StartThread = (ready, failed) => {
  const worker = new Worker(new URL('../../src/engine/kernels/thread.mjs', import.meta.url), { type: 'module' });
  worker.onmessage = ready;
  worker.onerror = ({ message }) => failed(message);
  return worker;
};

let jax: Jax | null = null;
const runners: (Runner | null)[] = [];
/** What the GPU has complained of: steps since are not to be timed. */
const errors: string[] = [];

function check(): void {
  if (errors.length > 0) throw new Error(errors.join('\n'));
}

const steps = {
  open: (backend: 'wasm' | 'webgpu', threads: 1 | 2): Promise<BackendInfo> =>
    openBackend(backend, {
      readWasm: async (name) => (await fetch(WASM[name])).arrayBuffer(),
      startThread: threads === 1 ? null : startThread,
      onDeviceLost: (message) => errors.push(`The GPU was lost: ${message}`),
      onDeviceError: ({ message }) => errors.push(message),
    }),
  /** Opens jax-js, whose module lies beside the page. */
  openJax: async (backend: 'wasm' | 'webgpu', threads: 1 | 2, url: string): Promise<void> => {
    // It takes as many threads as there are cores.
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads });
    jax = await openJax(() => import(/* @vite-ignore */ url), backend);
  },
  /** The number of a new runner; null where an implementation does not know the case, or is not there. */
  begin: async (implementation: Portable, size: string, task: TaskName): Promise<number | null> => {
    const of = caseOf(size, task);
    const runner = implementation === 'jax-js' ? jax && jaxRunner(jax, of) : engineRunner(implementation, of);
    return runner && runners.push(runner) - 1;
  },
  step: async (runner: number): Promise<Step> => {
    const step = await runners[runner]?.step();
    check();
    if (step === undefined) throw new Error(`There is no runner ${runner}.`);
    return step;
  },
  end: async (runner: number): Promise<void> => {
    await runners[runner]?.dispose();
    runners[runner] = null;
  },
};

export type Steps = typeof steps;

expose(steps);
