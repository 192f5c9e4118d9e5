import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BackendUnavailableError } from '../src/engine/errors.ts';
import { openNodeBackend } from '../src/engine/node.ts';
import { engineRunner } from './engine.ts';
import { type Jax, jaxRunner, openJax } from './jax.ts';
import { leaveOut, type Place, type PlaceOptions } from './place.ts';
import { findPyTorch, PyTorch } from './pytorch.ts';

/** By a name that no tool resolves: the package is not among the project's own. */
export const JAX = '@jax-js/jax';

/** Chromium's Vulkan on the CPU, where Debian puts it. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** WASM in Node, beside PyTorch on the CPU. */
export async function* wasmInNode({ threads, implementations }: PlaceOptions): AsyncGenerator<Place> {
  const { adapter } = await openNodeBackend('wasm', threads);
  const jax = implementations.includes('jax-js') ? await loadJax('wasm') : null;
  const pyTorch = implementations.includes('pytorch') ? startPyTorch() : null;
  try {
    const about = [`Node ${process.version}`];
    if (jax !== null) about.push('jax-js: WASM, 1 thread');
    if (pyTorch !== null) about.push(await pyTorch.begin(threads));
    yield {
      backend: `wasm, ${adapter}`,
      software: false,
      about,
      runner: async (implementation, of) => {
        if (implementation === 'jax-js') return jax && jaxRunner(jax, of);
        if (implementation !== 'pytorch') return engineRunner(implementation, of);
        return pyTorch !== null && of.sampled === null ? pyTorch.runner(of) : null;
      },
    };
  } finally {
    pyTorch?.end();
  }
}

/** WebGPU in Node, by the package `webgpu` (Dawn). */
export async function* webGpuInNode({ implementations }: PlaceOptions): AsyncGenerator<Place> {
  provideSwiftShader();
  const opened = await openNodeBackend('webgpu').catch((error) => {
    if (!(error instanceof BackendUnavailableError)) throw error;
    leaveOut('WebGPU in Node', error);
  });
  if (!opened) return;
  const jax = implementations.includes('jax-js') ? await loadJax('webgpu') : null;
  yield {
    backend: `webgpu, ${opened.adapter}`,
    software: opened.software,
    about: [`Node ${process.version} with Dawn`, `variant ${opened.variant}`],
    runner: async (implementation, of) => {
      if (implementation === 'pytorch') return null;
      return implementation === 'jax-js' ? jax && jaxRunner(jax, of) : engineRunner(implementation, of);
    },
  };
}

/** Points Vulkan to SwiftShader where Dawn finds no adapter without. */
function provideSwiftShader(): void {
  if (process.env.VK_ICD_FILENAMES !== undefined || process.env.VK_DRIVER_FILES !== undefined || !existsSync(SWIFTSHADER)) return;
  // Asked in a process of its own: this one's first question has to find what it is going to use.
  const question = "const { create } = await import('webgpu'); process.exit((await create([]).requestAdapter()) ? 0 : 1);";
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', question], { stdio: 'ignore' });
  if (status !== 0) process.env.VK_ICD_FILENAMES = SWIFTSHADER;
}

async function loadJax(device: 'wasm' | 'webgpu'): Promise<Jax | null> {
  // It asks every navigator which browser this is; the one that openNodeBackend provides has a GPU and nothing else.
  if (device === 'webgpu') Object.assign(navigator, { userAgent: `Node ${process.version}` });
  try {
    return await openJax(() => import(JAX), device);
  } catch (error) {
    leaveOut('jax-js', error);
    return null;
  }
}

function startPyTorch(): PyTorch | null {
  const python = findPyTorch();
  if (python !== null) return new PyTorch(python);
  leaveOut('PyTorch', 'no Python here can import torch.');
  return null;
}
