// `npm run chaos`: a queue of runs in Chromium, of which tabs, workers, the GPU and the browser itself are killed. It has to come to
// what the undisturbed queue comes to.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, preview } from 'vite';
import { drawKill, type Kill, SHARES } from '../e2e/chaos/kills.ts';
import type { Left } from '../e2e/chaos/left.ts';
import { type QueuePlan, WASM_QUEUE, WEBGPU_QUEUE } from '../e2e/chaos/queue.ts';
import { disturbed, type Killed, type Round, undisturbed } from '../e2e/chaos/rounds.ts';
import { inProfile, type Session } from '../e2e/chaos/session.ts';
import { randomStream } from '../src/data/random.ts';

const USAGE = `npm run chaos -- [options]

Kills tabs, workers, the GPU's process and the browser at random moments of a queue of runs in Chromium, presses what the studio offers
then, and compares all that is left at the end with what the undisturbed queue leaves: no run lost, none different, none twice.

  --kills 200         how many
  --seed 1            of what is killed, and when; how far training has got then depends on the machine
  --webgpu 0.15       the share of the kills that are of rounds on WebGPU
  --round 20          kills in a profile at most; then its queue is finished`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    webgpu: { type: 'string', default: '0.15' },
    round: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});

interface Done extends Round {
  readonly backend: QueuePlan['backend'];
  readonly seconds: number;
}

if (values.help) console.log(USAGE);
else await main();

function numberOf(name: 'kills' | 'seed' | 'webgpu' | 'round'): number {
  const number = Number(values[name]);
  if (!Number.isFinite(number) || number < 0) throw new Error(`--${name}: “${values[name]}” is no number from 0.`);
  return number;
}

async function main(): Promise<void> {
  const onWebgpu = Math.round(numberOf('kills') * numberOf('webgpu'));
  const site = mkdtempSync(join(tmpdir(), 'uaf-studio-site-'));
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
  const started = performance.now();
  const done: Done[] = [];
  try {
    await build({ configFile, logLevel: 'error', build: { outDir: site, emptyOutDir: true } });
    const server = await preview({ configFile, logLevel: 'error', build: { outDir: site }, preview: { port: 0 } });
    try {
      const [url] = server.resolvedUrls?.local ?? [];
      await rounds(url, WASM_QUEUE, numberOf('kills') - onWebgpu, done);
      await rounds(url, WEBGPU_QUEUE, onWebgpu, done);
    } finally {
      await server.close();
    }
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
  print(done, (performance.now() - started) / 1000);
  if (done.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
}

/** Rounds until so many were killed. */
async function rounds(url: string, plan: QueuePlan, kills: number, done: Done[]): Promise<void> {
  if (kills === 0) return;
  const reference = await inProfile(url, plan.backend, (session) => undisturbed(session, plan, url));
  console.log(`The undisturbed queue on ${plan.backend}: ${Object.keys(reference.runs).length} runs.`);
  for (let left = kills; left > 0; ) {
    const round = await oneRound(url, plan, reference, Math.min(left, numberOf('round')), done.length + 1);
    if (round.kills.length === 0) throw new Error('The queue was finished before anything was killed.');
    left -= round.kills.length;
    done.push(round);
  }
}

async function oneRound(url: string, plan: QueuePlan, reference: Left, most: number, number: number): Promise<Done> {
  const started = performance.now();
  const random = randomStream(numberOf('seed'), 'chaos', number);
  let drawn = 0;
  const draw = (): Kill | null => (drawn++ < most ? drawKill(random, SHARES[plan.backend]) : null);
  const kills: Killed[] = [];
  const tell = (killed: Killed) => {
    kills.push(killed);
    const { victim, reached, run, finished } = killed;
    const where = run === null ? 'between two runs' : `run ${run.id}, ${run.method}, saved: ${run.saved ?? 'nothing yet'}`;
    console.log(`  ${String(drawn).padStart(2)}  ${victim.padEnd(15)} ${reached.padEnd(34)} ${where}; ${finished} finished`);
  };
  console.log(`Round ${number}, ${plan.backend}`);
  // A round that comes to no end is as wrong as one that comes to another: the others are told all the same.
  const failed = (error: unknown): Round => ({ kills, runs: 0, wrong: [error instanceof Error ? error.message : String(error)] });
  const work = (session: Session) => disturbed(session, plan, url, reference, random, draw, tell);
  const round = await inProfile(url, plan.backend, work).catch(failed);
  const seconds = (performance.now() - started) / 1000;
  console.log(`  ${round.runs} runs after ${round.kills.length} kills, ${seconds.toFixed(0)} s: ${verdict(round)}`);
  for (const words of round.wrong) console.log(`  ✗ ${words}`);
  return { ...round, backend: plan.backend, seconds };
}

function verdict({ wrong }: Round): string {
  return wrong.length === 0 ? 'all as undisturbed' : `${wrong.length} things are wrong`;
}

function print(done: readonly Done[], seconds: number): void {
  const kills = done.flatMap(({ kills: of, backend }) => of.map((kill) => ({ ...kill, backend })));
  const [{ model }] = cpus();
  console.log(`\n${cpus().length} × ${model}; load ${loadavg()[1].toFixed(1)}; ${(seconds / 60).toFixed(0)} minutes\n`);
  table('killed', kills, ({ victim }) => victim);
  table('when', kills, ({ reached }) => reached);
  const saved = kills.filter(({ run }) => run !== null && run.saved !== null).length;
  const sum = (of: (round: Done) => number) => done.reduce((total, round) => total + of(round), 0);
  const backends = `${done.filter(({ backend }) => backend === 'wasm').length} on WASM`;
  console.log(
    `${kills.length} kills in ${done.length} rounds (${backends}), ${sum(({ runs }) => runs)} runs: ` +
      `${sum(({ wrong }) => wrong.length)} differences. At ${saved} kills the run had a checkpoint to go on from.`,
  );
}

/** Counts of kills by something, on each backend. */
function table<K extends { readonly backend: string }>(title: string, kills: readonly K[], of: (kill: K) => string): void {
  console.log(`| ${title} | WASM | WebGPU |\n| --- | ---: | ---: |`);
  for (const name of Array.from(new Set(kills.map(of))).sort()) {
    const count = (backend: string) => kills.filter((kill) => of(kill) === name && kill.backend === backend).length;
    console.log(`| ${name} | ${count('wasm')} | ${count('webgpu')} |`);
  }
  console.log('');
}
