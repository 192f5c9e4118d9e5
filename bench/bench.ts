import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Case, caseOf, SIZES, TASKS, USUAL_SIZES, USUAL_TASKS } from './cases.ts';
import { inChromium } from './chromium.ts';
import { compare } from './compare.ts';
import type { Runner } from './engine.ts';
import { wasmInNode, webGpuInNode } from './node.ts';
import { IMPLEMENTATIONS, type Implementation, type Place, type Places } from './place.ts';

const BACKENDS = { wasm: wasmInNode, webgpu: webGpuInNode, chromium: inChromium } satisfies Record<string, Places>;

const USAGE = `npm run bench -- --out FOLDER [--quick] [--backends ${Object.keys(BACKENDS).join(',')}]
                    [--sizes ${Object.keys(SIZES).join(',')}] [--tasks ${TASKS.join(',')}]
                    [--implementations ${IMPLEMENTATIONS.join(',')}] [--threads 1|2]

Times steps of training and evaluation, on identical weights and batches, one implementation after the other, round after round,
and writes results.json. --quick: the small size, fewer rounds. What is not there takes no part: the package webgpu for WebGPU in
Node, Chromium, jax-js (both packages at once: npm i --no-save webgpu @jax-js/jax), a Python with PyTorch. On an adapter that
computes on the CPU the studio alone has sizes other than small, unless --sizes asks for them.`;

/** One line of results.json. */
interface Result {
  readonly case: string;
  readonly backend: string;
  readonly implementation: string;
  readonly medianMilliseconds: number;
  readonly ratioToStudio: number;
}

const ROUNDS = {
  quick: { most: 4, atLeast: 1, seconds: 10 },
  full: { most: 8, atLeast: 3, seconds: 30 },
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'results/bench' },
      quick: { type: 'boolean', default: false },
      backends: { type: 'string' },
      sizes: { type: 'string' },
      tasks: { type: 'string' },
      implementations: { type: 'string' },
      threads: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { quick, out } = values;
  const backends = among(values.backends, Object.keys(BACKENDS) as (keyof typeof BACKENDS)[]);
  const sizes = among(values.sizes, Object.keys(SIZES), quick ? ['small'] : USUAL_SIZES);
  const tasks = among(values.tasks, TASKS, USUAL_TASKS);
  const implementations = among(values.implementations, IMPLEMENTATIONS);
  if (values.threads !== '1' && values.threads !== '2') throw new Error(`--threads is 1 or 2.\n\n${USAGE}`);
  const threads = values.threads === '1' ? 1 : 2;
  mkdirSync(out, { recursive: true });
  console.log(`${cpus().length} × ${cpus()[0].model}`);
  const results: Result[] = [];
  for (const backend of backends) {
    for await (const place of BACKENDS[backend]({ threads, implementations })) {
      console.log(`\n${place.backend} (${place.about.join('; ')})`);
      for (const size of sizes) {
        const takingPart = implementations.filter((implementation) => {
          const isOwn = implementation === 'studio';
          return isOwn || !(place.software && size !== 'small' && values.sizes === undefined);
        });
        for (const task of tasks) {
          const of = caseOf(size, task);
          const runners = await runnersOf(place, takingPart, of);
          const medians = await compare(of.name, runners, quick ? ROUNDS.quick : ROUNDS.full);
          for (const runner of runners.values()) await runner.dispose();
          const own = medians.get('studio') ?? Number.NaN;
          for (const [implementation, medianMilliseconds] of medians) {
            const ratioToStudio = medianMilliseconds / own;
            results.push({ case: of.name, backend: place.backend, implementation, medianMilliseconds, ratioToStudio });
            const figures = [medianMilliseconds.toFixed(2).padStart(12), ratioToStudio.toFixed(2).padStart(10)];
            console.log(`${of.name.padEnd(34)}${implementation.padEnd(12)}${figures[0]} ms${figures[1]} × studio`);
          }
          // After each case: what has been measured is not lost with a later one.
          writeFileSync(join(out, 'results.json'), JSON.stringify(results, null, 2));
        }
      }
    }
  }
}

async function runnersOf(place: Place, implementations: readonly Implementation[], of: Case): Promise<Map<string, Runner>> {
  const runners = new Map<string, Runner>();
  for (const implementation of implementations) {
    const runner = await place.runner(implementation, of);
    if (runner !== null) runners.set(implementation, runner);
  }
  return runners;
}

/** What is asked for, of all there are; `usual` where nothing is. */
function among<Name extends string>(
  asked: string | undefined,
  all: readonly Name[],
  usual: readonly Name[] = all,
): readonly Name[] {
  if (asked === undefined) return usual;
  const unknown = asked.split(',').filter((name) => !(all as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. There are ${all.join(', ')}.\n\n${USAGE}`);
  return all.filter((name) => asked.split(',').includes(name));
}

await main();
