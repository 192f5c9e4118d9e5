// Compiles the WebAssembly kernels from AssemblyScript: one module with relaxed SIMD, one without. They are kept in the
// repository, so that nothing has to be compiled before a first start; a test compiles them again and compares.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import type { SimdVariant } from '../src/engine/kernels/heap.ts';

const folder = fileURLToPath(new URL('../src/engine/kernels/assembly', import.meta.url));
const FEATURES = { relaxed: ['simd', 'relaxed-simd'], simd: ['simd'] };

/** The bytes of one build. */
export async function compile(variant: SimdVariant): Promise<Uint8Array> {
  let binary: Uint8Array | null = null;
  const features = FEATURES[variant].flatMap((feature) => ['--enable', feature]);
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
  for (const variant of ['relaxed', 'simd'] as const) writeFileSync(`${folder}/build/${variant}.wasm`, await compile(variant));
}
