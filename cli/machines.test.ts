import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../src/experiments/experiment.ts';
import { comparable } from './comparable.ts';

const experiment: Experiment = {
  version: 1,
  name: 'Two kinds',
  question: null,
  preset: 'quick',
  changes: { channels: 4, sequenceLength: 6, 'pretraining.epochs': 2, 'fineTuning.epochs': 3, warmupEpochs: 1 },
  methods: ['most-popular', 'finetune-all', 'uaf-rl', 'uaf-soft-gru'],
  seeds: [1, 2],
  grid: [],
  variants: [],
};
const data = [
  { name: 'Hidden kinds', simulate: { users: 60 } },
  { name: 'Open kinds', simulate: { scenario: 'open', users: 70, seed: 3 } },
];

let folder = '';
let file = '';
const at = (name: string) => join(folder, name);

function start(words: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'cli/experiment.ts', ...words], { env: { ...process.env, ...environment } });
}

async function run(words: readonly string[], environment?: Record<string, string>) {
  const child = start(words, environment);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text));
  const [status] = await once(child, 'close');
  return { status, said };
}

const runsIn = (out: string): string[] =>
  existsSync(at(out))
    ? readdirSync(at(out), { recursive: true, encoding: 'utf8' })
        .filter((name) => /runs\/[^/]+\.json$/.test(name))
        .sort()
    : [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'machines-'));
  file = at('experiment.json');
  writeFileSync(file, JSON.stringify({ ...experiment, data }));
  const { status } = await run(['--experiment', file, '--out', at('whole')]);
  expect(status).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('an experiment over many processes', () => {
  it('has a folder for each dataset', () => {
    expect(runsIn('whole')).toHaveLength(16);
    expect(readdirSync(at('whole')).sort()).toEqual(
      'figures hidden-kinds merged.json open-kinds plan.json pretrained report.html runs.json tables tables.md tables.tex'.split(
        ' ',
      ),
    );
    const report = JSON.parse(readFileSync(at('whole/open-kinds/report.json'), 'utf8'));
    expect(report.dataset).toMatchObject({ name: 'Open kinds', origin: { scenario: 'open' } });
    expect(report.runs.map(({ id }: { id: string }) => id)).toEqual(
      [1, 2].flatMap((seed) => experiment.methods.map((method) => `${method}-${seed}`)),
    );
  });

  it('comes to the same in shares, merged', async () => {
    const shares = await Promise.all([
      run(['--experiment', file, '--out', at('shares'), '--shard', '2/2']),
      run(['--experiment', file, '--out', at('shares')], { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '2' }),
    ]);
    expect(shares.map(({ status }) => status)).toEqual([0, 0]);
    expect(shares[0].said).toMatch(/Share 2 of 2: 8 of 16 runs/);
    expect(shares[0].said).toMatch(/--merge .*shares makes the report/);
    expect(existsSync(at('shares/open-kinds/report.json'))).toBe(false);
    // Fewer shares than models: each is pre-trained once.
    const trained = shares.flatMap(({ said }) => Array.from(said.matchAll(/pretraining {2}epoch 1 /g)));
    expect(trained).toHaveLength(4);
    expect((await run(['--merge', at('shares'), '--out', at('merged')])).status).toBe(0);
    expect(await comparable(at('merged'))).toEqual(await comparable(at('whole')));
  });

  it('goes on after it was killed, whatever that left', async () => {
    const child = start(['--experiment', file, '--out', at('killed')]);
    while (runsIn('killed').length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await once(child, 'close');
    const done = runsIn('killed');
    expect(done.length).toBeLessThan(16);
    const times = done.map((name) => statSync(at(`killed/${name}`)).mtimeMs);
    // One file is broken, and of another there is a beginning.
    writeFileSync(at(`killed/${done[0]}`), readFileSync(at(`killed/${done[0]}`), 'utf8').slice(0, 100));
    writeFileSync(at(`killed/${done[0]}.1-abc.unfinished`), '{"format"');
    const { status, said } = await run(['--experiment', file, '--out', at('killed')]);
    expect(status).toBe(0);
    expect(said).toMatch(/is not used, and written anew/);
    expect(said).toMatch(/runs are finished already/);
    expect(done.slice(1).map((name) => statSync(at(`killed/${name}`)).mtimeMs)).toEqual(times.slice(1));
    expect(readdirSync(at('killed'), { recursive: true }).filter((name) => String(name).includes('unfinished'))).toEqual([]);
    expect(await comparable(at('killed'))).toEqual(await comparable(at('whole')));
  });

  it('refuses runs of other circumstances, and says what is missing', async () => {
    const other = at('other.json');
    writeFileSync(other, JSON.stringify({ ...experiment, changes: { ...experiment.changes, channels: 8 }, data }));
    const refused = await run(['--experiment', other, '--out', at('whole')]);
    expect(refused.status).toBe(2);
    expect(refused.said).toMatch(/most-popular-1|finetune-all-1/);
    expect(refused.said).toMatch(/is of another “channels” \(4, not 8\)\. Choose another --out folder, or delete it\./);
    rmSync(at('killed/open-kinds/runs/uaf-rl-2.json'));
    const incomplete = await run(['--merge', at('killed'), '--out', at('incomplete')]);
    expect(incomplete.status).toBe(1);
    expect(incomplete.said).toMatch(/One run is missing: Open kinds: uaf-rl-2\./);
  });

  it('ends at once when it is told to, and says that it can go on', async () => {
    const long = at('long.json');
    const changes = { ...experiment.changes, 'pretraining.epochs': 100_000 };
    writeFileSync(long, JSON.stringify({ ...experiment, changes, methods: ['finetune-all'], data }));
    const child = start(['--experiment', long, '--out', at('long')]);
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
      // A second one would end it without a word.
      if (/epoch 2 /.test(said) && !child.killed) child.kill('SIGTERM');
    });
    const [status] = await once(child, 'close');
    expect(status).toBe(143);
    expect(said).toMatch(/Stopped by SIGTERM\. What is finished is kept/);
  });
});
