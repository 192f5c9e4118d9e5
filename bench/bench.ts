import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openNodeBackend } from '../src/engine/node.ts';
import { type Case, caseOf, SIZES, TASKS, USUAL_SIZES, USUAL_TASKS } from './cases.ts';
import { engineRunner, type Runner } from './engine.ts';
import { findPyTorch, PyTorch } from './pytorch.ts';

const IMPLEMENTATIONS = ['studio', 'tfjs', 'tfjs-tuned', 'pytorch'] as const;

const USAGE = `npm run bench -- --out FOLDER [--quick] [--sizes ${Object.keys(SIZES).join(',')}] [--tasks ${TASKS.join(',')}] \n                    [--implementations ${IMPLEMENTATIONS.join(',')}] [--threads 1|2]

Times steps of training and evaluation, on identical weights and batches, one implementation after the other, round after round,
and writes results.json. --quick: the small size, fewer rounds. PyTorch takes part where a Python has it.`;

/** One line of results.json. */
interface Result {
  readonly case: string;
  readonly backend: string;
  readonly implementation: string;
  readonly medianMilliseconds: number;
  readonly ratioToStudio: number;
}

/** Losses of the same step may differ by this share: single precision, and the order of sums. */
const AGREEMENT = 2e-4;
/** A case that takes long gets fewer rounds. */
const ROUNDS = { quick: 4, full: 8, atLeast: 3, seconds: 60 };
/** Between two implementations, in milliseconds. */
const REST = 50;
/** Steps that are timed of each round; one of those that take long, in seconds. */
const BURST = 4;
const LONG = 1;
const WARM_UP = { steps: 10, seconds: 3 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'results/bench' },
      quick: { type: 'boolean', default: false },
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
  const sizes = values.sizes === undefined ? (values.quick ? ['small'] : USUAL_SIZES) : among(values.sizes, Object.keys(SIZES));
  const tasks = values.tasks === undefined ? USUAL_TASKS : among(values.tasks, TASKS);
  const implementations = values.implementations === undefined ? IMPLEMENTATIONS : among(values.implementations, IMPLEMENTATIONS);
  if (values.threads !== '1' && values.threads !== '2') throw new Error(`--threads is 1 or 2.\n\n${USAGE}`);
  const threads = values.threads === '1' ? 1 : 2;
  const backend = await openNodeBackend('wasm', threads);
  const python = implementations.includes('pytorch') ? findPyTorch() : null;
  const pyTorch = python === null ? null : new PyTorch(python);
  const environment = [`Node ${process.version}`, `${cpus().length} × ${cpus()[0].model}`, `WASM: ${backend.adapter}`];
  if (pyTorch !== null) environment.push(await pyTorch.begin(threads));
  console.log(environment.join('; '));
  const results: Result[] = [];
  try {
    for (const size of sizes) {
      for (const task of tasks) {
        const of = caseOf(size, task);
        const runners: [string, Runner][] = [];
        for (const implementation of implementations) {
          if (implementation !== 'pytorch') runners.push([implementation, engineRunner(implementation, of)]);
          else if (pyTorch !== null && of.sampled === null) runners.push([implementation, await pyTorch.runner(of)]);
        }
        const medians = await compare(of, runners, values.quick ? ROUNDS.quick : ROUNDS.full);
        for (const [, runner] of runners) runner.dispose();
        const own = medians.get('studio') ?? Number.NaN;
        for (const [implementation, medianMilliseconds] of medians) {
          const ratioToStudio = medianMilliseconds / own;
          results.push({
            case: of.name,
            backend: `wasm, ${threads === 1 ? '1 thread' : '2 threads'}`,
            implementation,
            medianMilliseconds,
            ratioToStudio,
          });
          const figures = [medianMilliseconds.toFixed(2).padStart(12), ratioToStudio.toFixed(2).padStart(10)];
          console.log(`${of.name.padEnd(34)}${implementation.padEnd(12)}${figures[0]} ms${figures[1]} × studio`);
        }
      }
    }
  } finally {
    pyTorch?.end();
  }
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'results.json'), JSON.stringify(results, null, 2));
}

function among<Name extends string>(asked: string, all: readonly Name[]): Name[] {
  const unknown = asked.split(',').filter((name) => !(all as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. There are ${all.join(', ')}.\n\n${USAGE}`);
  return all.filter((name) => asked.split(',').includes(name));
}

/** The median time of a step of each, after the losses of the first steps have been found to agree. */
async function compare(of: Case, runners: readonly [string, Runner][], rounds: number): Promise<Map<string, number>> {
  let reference: readonly number[] | null = null;
  for (const [name, runner] of runners) {
    const losses = [(await runner.step()).loss, (await runner.step()).loss];
    reference ??= losses;
    for (const [i, loss] of losses.entries()) {
      if (!(Math.abs(loss - reference[i]) <= AGREEMENT * Math.abs(reference[i]))) {
        throw new Error(`${of.name}: step ${i + 1} of ${name} has the loss ${loss}, that of ${runners[0][0]} ${reference[i]}.`);
      }
    }
    const started = performance.now();
    for (let i = 0; i < WARM_UP.steps && performance.now() - started < 1000 * WARM_UP.seconds; i++) await runner.step();
  }
  const times = new Map(runners.map(([name]) => [name, [] as number[]]));
  const started = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= ROUNDS.atLeast && performance.now() - started > 1000 * ROUNDS.seconds) break;
    for (const [name, runner] of runners) {
      // The threads of the one before may still look for work; the own ones are asleep, and the first step wakes them.
      await setTimeout(REST);
      const woken = await runner.step();
      const burst = woken.milliseconds > 1000 * LONG ? 1 : BURST;
      for (let i = 0; i < burst; i++) times.get(name)?.push((await runner.step()).milliseconds);
    }
  }
  return new Map(Array.from(times, ([name, values]) => [name, median(values)]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

await main();
