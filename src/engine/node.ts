import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type BackendChoice, type BackendInfo, openBackend, type WasmName } from './backend.ts';
import { BackendUnavailableError, DeviceLostError } from './errors.ts';
import type { StartThread } from './kernels/threads.ts';

/** Reads WebAssembly from the file system. */
export async function readWasm(name: WasmName): Promise<ArrayBuffer> {
  // Node 20 has relaxed SIMD, but refuses such a module until it is told to.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const path =
    name === 'tfjs'
      ? createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm')
      : fileURLToPath(new URL(`kernels/assembly/build/${name}.wasm`, import.meta.url));
  return new Uint8Array(await readFile(path)).buffer;
}

const startThread: StartThread = (ready, failed) => {
  const worker = new Worker(new URL('kernels/thread.mjs', import.meta.url));
  worker.once('message', () => {
    // From here on it waits for work, and the process need not wait for it.
    worker.unref();
    ready();
  });
  worker.once('error', (error) => failed(String(error)));
  return worker;
};

/**
 * Gives Node WebGPU by the package `webgpu` (Dawn), if it is installed: `npm i --no-save webgpu`. Which Vulkan driver it finds is up to
 * the system (`VK_ICD_FILENAMES`).
 */
async function provideWebGpu(): Promise<void> {
  if (globalThis.navigator?.gpu !== undefined) return;
  const dawn = await loadDawn();
  Object.assign(globalThis, dawn.globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: dawn.create([]) }, configurable: true });
}

async function loadDawn(): Promise<{ create(flags: string[]): GPU; globals: object }> {
  // By a name that no tool resolves: the package is not among the project's own.
  const name = 'webgpu';
  try {
    return await import(name);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new BackendUnavailableError('webgpu', `Node has none of its own; npm i --no-save webgpu brings one. (${what})`);
  }
}

/** Measured variants by adapter, for all processes of this user: the same seed is to have the same numbers in each. */
const VARIANTS_FILE = join(homedir(), '.cache', 'uaf-studio', 'variants.json');

const variants = {
  recall: async (adapter: string): Promise<string | undefined> => (await remembered())[adapter],
  remember: async (adapter: string, variant: string): Promise<void> => {
    await mkdir(dirname(VARIANTS_FILE), { recursive: true });
    await writeFile(VARIANTS_FILE, JSON.stringify({ ...(await remembered()), [adapter]: variant }, null, 2));
  },
};

const remembered = async (): Promise<Record<string, string>> =>
  existsSync(VARIANTS_FILE) ? JSON.parse(await readFile(VARIANTS_FILE, 'utf8')) : {};

/** Opens a backend in Node. A GPU that goes away, or refuses a command, ends the process with its message. */
export async function openNodeBackend(choice: BackendChoice, threads: 1 | 2 = 1): Promise<BackendInfo> {
  if (choice === 'webgpu') await provideWebGpu();
  return openBackend(choice, {
    readWasm,
    startThread: threads === 1 ? null : startThread,
    variants,
    onDeviceLost: (message) => {
      throw new DeviceLostError(message);
    },
    onDeviceError: (error) => {
      throw error;
    },
  });
}
