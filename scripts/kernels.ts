// Compiles the WebAssembly kernels from AssemblyScript: with relaxed SIMD and without, each for one thread
// and for several. They are kept in the repository, so that nothing has to be compiled before a first start; a test compiles them
// again and compares.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { SIMD_VARIANTS, type SimdVariant } from '../src/engine/kernels/heap.ts';

const folder = fileURLToPath(new URL('../src/engine/kernels/assembly', import.meta.url));

/** The bytes of one build. */
export async function compile(variant: SimdVariant): Promise<Uint8Array> {
  let binary: Uint8Array | null = null;
  const features = ['--enable', 'simd'];
  if (variant.startsWith('relaxed')) features.push('--enable', 'relaxed-simd');
  // A shared memory has to say how large it may become: as large as that of tfjs.
  if (variant.endsWith('shared')) features.push('--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536');
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--outFile', 'out.wasm'];
  const { error, stderr } = await main([`${folder}/index.ts`, '--baseDir', folder, ...options, ...features], {
    writeFile: (_name: string, contents: string | Uint8Array) => {
      if (typeof contents !== 'string') binary = contents;
    },
  });
  if (error !== null || binary === null) throw new Error(`The ${variant} kernels do not compile: ${error?.message}\n${stderr}`);
  return binary;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const variant of SIMD_VARIANTS) writeFileSync(`${folder}/build/${variant}.wasm`, await compile(variant));
}
