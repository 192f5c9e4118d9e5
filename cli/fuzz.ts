import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { FuzzMessage } from './fuzz/child.ts';
import { heavyCount } from './fuzz/heavy.ts';

const USAGE = `npm run fuzz -- [--files 10000] [--seed 1] [--memory 512] [--megabytes 100]

Reads changed files of every format as the studio does, in a process with a bounded heap, and says what came of them: how many were
taken and refused, by which error, the longest time, the most memory. Exits 1 if a reader crashed, hung, said something that is no
sentence, or left something in the database.
  --files N       changed files, besides the large ones
  --seed S        the same files each time
  --memory MB     of the heap of JavaScript
  --megabytes N   of a large file: a line, or what a gzip bomb unfolds to`;

/** Starting a process, and loading what it runs. */
const START_MILLISECONDS = 30_000;
/** By the clock on the wall: other processes may have the machine, and a reader's 5 s are of its own work. */
const SILENT_MILLISECONDS = 60_000;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    memory: { type: 'string', default: '512' },
    megabytes: { type: 'string', default: '100' },
    help: { type: 'boolean', default: false },
  },
});

interface Totals {
  readonly outcomes: Map<string, Map<string, number>>;
  readonly faults: string[];
  longest: { milliseconds: number; what: string };
  peakBytes: number;
}

/** Runs cases from one on until all are done, or the process dies or falls silent; the case to go on with. */
function runChild(from: number, totals: Totals): Promise<number> {
  const { files, seed, memory, megabytes } = values;
  const child = fork(new URL('./fuzz/child.ts', import.meta.url), [files, seed, String(from), megabytes], {
    execArgv: ['--import', 'tsx', `--max-old-space-size=${memory}`],
  });
  let next = from;
  let ended = false;
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => hung(), START_MILLISECONDS);
    const hung = () => {
      totals.faults.push(`number ${next}: no answer for ${SILENT_MILLISECONDS / 1000} s`);
      child.kill('SIGKILL');
    };
    const wait = () => {
      clearTimeout(timer);
      // The reader's own clock says what took too long; whoever does not even answer is ended.
      timer = setTimeout(hung, SILENT_MILLISECONDS);
    };
    child.on('message', (message: FuzzMessage) => {
      wait();
      if (message.type === 'alive') return;
      if (message.type === 'end') {
        ended = true;
        return;
      }
      next = message.number + 1;
      const { format, outcome, milliseconds, faults, peakBytes, words } = message;
      const counts = totals.outcomes.get(format) ?? new Map<string, number>();
      totals.outcomes.set(format, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
      totals.peakBytes = Math.max(totals.peakBytes, peakBytes);
      if (milliseconds > totals.longest.milliseconds) totals.longest = { milliseconds, what: words };
      for (const fault of faults) totals.faults.push(`number ${message.number}: ${fault}\n    ${words}`);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (ended) return resolve(total);
      if (signal !== 'SIGKILL') totals.faults.push(`number ${next}: the process died (${signal ?? code})`);
      resolve(next + 1);
    });
  });
}

const total = Number(values.files) + heavyCount;

if (values.help) {
  console.log(USAGE);
} else {
  const totals: Totals = { outcomes: new Map(), faults: [], longest: { milliseconds: 0, what: '' }, peakBytes: 0 };
  const started = performance.now();
  for (let next = 0; next < total; ) next = await runChild(next, totals);
  console.log('| format | files | taken | refused |\n| --- | ---: | ---: | --- |');
  for (const [format, counts] of [...totals.outcomes].sort(([a], [b]) => a.localeCompare(b))) {
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const refused = [...counts].filter(([outcome]) => outcome !== 'taken').sort(([, a], [, b]) => b - a);
    const words = refused.map(([outcome, count]) => `${outcome} ${count}`).join(', ');
    console.log(`| ${format} | ${all} | ${counts.get('taken') ?? 0} | ${words} |`);
  }
  console.log(`\n${total} files in ${Math.round((performance.now() - started) / 1000)} s, seed ${values.seed}.`);
  console.log(`Longest: ${(totals.longest.milliseconds / 1000).toFixed(2)} s (${totals.longest.what.slice(0, 200)}).`);
  console.log(`Most memory: ${Math.round(totals.peakBytes / 1e6)} MB of the process, with ${values.memory} MB of heap.`);
  console.log(`${totals.faults.length} faults.`);
  for (const fault of totals.faults) console.log(`  ${fault}`);
  process.exitCode = totals.faults.length === 0 ? 0 : 1;
}
