// `npm run test:slurm`: a Slurm of its own on this machine carries out Table 2 as an array, in which two tasks are killed in the middle.
// Submitted again and merged, it has to come to what one process comes to. Wants root, and Debian's slurm-wlm and munge.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { comparable } from '../cli/comparable.ts';
import { readExperimentFile } from '../cli/experimentFile.ts';
import { runFileOf } from '../cli/outputs.ts';
import { planned, shareOf } from '../cli/plannedData.ts';

const EXPERIMENT = 'cluster/table-2-small.json';
/** Tasks of the array, and which of them are killed: such whose runs take longer than a look at them. */
const TASKS = 7;
const KILLED = [2, 5];
const LONGEST_MINUTES = 15;

const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
const conf = join(folder, 'slurm.conf');
const [out, merged, whole] = ['array', 'merged', 'whole'].map((name) => join(folder, name));
const daemons: ChildProcess[] = [];
const ends = Date.now() + 60_000 * LONGEST_MINUTES;

/** Whether it holds; what does not ends the test. */
function check(what: string, holds: boolean): void {
  console.log(`${holds ? '✓' : '✗'} ${what}`);
  if (!holds) throw new Error(`This does not hold: ${what}`);
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    if (Date.now() > ends) throw new Error(`After ${LONGEST_MINUTES} minutes this does not hold yet: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function install(): void {
  if (['munged', 'slurmctld', 'slurmd', 'sbatch'].every((program) => spawnSync('which', [program]).status === 0)) return;
  if (process.getuid?.() !== 0) throw new Error('slurm-wlm and munge are not installed, and only root can install them.');
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'slurm-wlm', 'munge'], { stdio: 'inherit' });
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

function start(program: string, ...words: string[]): void {
  const daemon = spawn(program, words, { stdio: 'ignore', env: { ...process.env, SLURM_CONF: conf } });
  daemon.once('error', (error) => console.error(`${program}: ${error.message}`));
  daemons.push(daemon);
}

async function startSlurm(): Promise<void> {
  const at = (name: string) => join(folder, name);
  execFileSync('chmod', ['755', folder]);
  writeFileSync(at('munge.key'), randomBytes(128), { mode: 0o600 });
  const files = ['socket', 'pid', 'seed', 'log'].map(
    (what) => `--${what}${what === 'socket' ? '' : '-file'}=${at(`munge.${what}`)}`,
  );
  start('munged', '--foreground', '--force', `--key-file=${at('munge.key')}`, ...files);
  await until('munged listens', () => existsSync(at('munge.socket')));
  for (const name of ['state', 'spool']) mkdirSync(at(name));
  const host = hostname().split('.')[0];
  const settings = {
    ClusterName: 'studio',
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmUser: 'root',
    AuthType: 'auth/munge',
    CredType: 'cred/munge',
    AuthInfo: `socket=${at('munge.socket')}`,
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    MpiDefault: 'none',
    ReturnToService: '2',
    // Of a task that was told to end; it has nothing to save.
    KillWait: '2',
    StateSaveLocation: at('state'),
    SlurmdSpoolDir: at('spool'),
    SlurmctldPort: await freePort(),
    SlurmdPort: await freePort(),
    SlurmctldPidFile: at('slurmctld.pid'),
    SlurmdPidFile: at('slurmd.pid'),
    SlurmctldLogFile: at('slurmctld.log'),
    SlurmdLogFile: at('slurmd.log'),
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_CPU',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  // What a machine has is not asked for: a test on a larger one is the same.
  const node = `NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN`;
  const partition = `PartitionName=studio Nodes=${host} Default=YES MaxTime=INFINITE State=UP`;
  writeFileSync(conf, `${[...lines, 'SlurmdParameters=config_overrides', node, partition].join('\n')}\n`);
  start('slurmctld', '-D', '-f', conf);
  start('slurmd', '-D', '-f', conf);
  await until('the node is idle', () => slurm('sinfo', '--noheader', '--format=%T').trim() === 'idle');
  console.log(`Slurm runs: ${slurm('sinfo', '--version').trim()}, two CPUs of ${host}.`);
}

function slurm(program: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, SLURM_CONF: conf } });
  if (status !== 0 && program === 'sbatch') throw new Error(`${program}: ${stderr}`);
  return stdout;
}

/** Returns the number of the job. */
function submit(log: string): string {
  const words = [
    '--parsable',
    `--array=0-${TASKS - 1}`,
    '--cpus-per-task=1',
    '--mem=0',
    `--output=${join(folder, `${log}-%a.log`)}`,
    `--export=ALL,EXPERIMENT=${EXPERIMENT},OUT=${out}`,
  ];
  return slurm('sbatch', ...words, 'cluster/experiment.sbatch').trim();
}

const isThrough = (job: string): boolean => slurm('squeue', '--noheader', `--jobs=${job}`, '--format=%i').trim() === '';
const isRunning = (task: string): boolean =>
  slurm('squeue', '--noheader', `--jobs=${task}`, '--states=R', '--format=%i').trim() !== '';
const logOf = (log: string, task: number): string => {
  const file = join(folder, `${log}-${task}.log`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** As a scheduler does it, or as a machine that fails: without a word before. */
function kill(task: string, byScheduler: boolean): void {
  if (byScheduler) {
    slurm('scancel', '--signal=KILL', '--full', task);
    return;
  }
  const job = slurm('squeue', '--noheader', `--jobs=${task}`, '--format=%A').trim();
  const lines = slurm('scontrol', 'listpids', job).trim().split('\n').slice(1);
  const processes = lines.map((line) => Number(line.trim().split(/\s+/)[0])).filter((id) => existsSync(`/proc/${id}`));
  for (const id of processes) process.kill(id, 'SIGKILL');
}

function experiment(...words: string[]): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'experiment', '--', ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run experiment -- ${words.join(' ')} ended with ${status}.\n${stdout}\n${stderr}`);
}

async function test(): Promise<void> {
  const { experiment: asked, data } = readExperimentFile(EXPERIMENT);
  const places = await planned(asked, data ?? []);
  const all = places[0].runs.map(({ id }) => id);
  const filesOf = (ids: Iterable<string>) => Array.from(ids, (id) => runFileOf(out, id));
  const there = (ids: Iterable<string>) => filesOf(ids).filter((file) => existsSync(file));
  const shares = Array.from({ length: TASKS }, (_, i) => shareOf(places, { index: i + 1, count: TASKS })[0]);

  const first = submit('first');
  console.log(
    `Job ${first}: ${all.length} runs (${asked.methods.length} methods × ${asked.seeds.length} seeds) in ${TASKS} tasks.`,
  );
  for (const task of KILLED) {
    const [share, id] = [shares[task], `${first}_${task}`];
    await until(`task ${task} is in the middle`, () => there(share).length > 0);
    check(
      `task ${task} runs, and has finished ${there(share).length} of its ${share.size} runs`,
      isRunning(id) && there(share).length < share.size,
    );
    kill(id, task === KILLED[0]);
    await until(`task ${task} is gone`, () => !isRunning(id));
    const missing = Array.from(share).filter((run) => !existsSync(runFileOf(out, run)));
    check(`task ${task} was killed before it had finished: ${missing.join(', ')} is missing`, missing.length > 0);
    check(`task ${task} did not come to its end`, !logOf('first', task).includes('The runs of this share are in'));
  }
  await until('the first job is through', () => isThrough(first));
  const before = new Map(there(all).map((file) => [file, statSync(file).mtimeMs]));
  check(`${before.size} of ${all.length} runs are there after two tasks were killed`, before.size < all.length);
  for (const task of shares.keys()) {
    if (!KILLED.includes(task))
      check(
        `task ${task}, which nobody killed, finished its ${shares[task].size} runs`,
        there(shares[task]).length === shares[task].size,
      );
  }

  const second = submit('second');
  await until('the second job is through', () => isThrough(second));
  check(`all ${all.length} runs are there after it was submitted again`, there(all).length === all.length);
  const again = Array.from(before).filter(([file, time]) => statSync(file).mtimeMs !== time);
  check('what was finished was not run again', again.length === 0);

  experiment('--merge', out, '--out', merged);
  console.log('Merged; now all of it in one process…');
  experiment('--experiment', EXPERIMENT, '--out', whole, '--threads', '1', '--shard', '1/1');
  const [ofMany, ofOne] = [await comparable(merged), await comparable(whole)];
  check(`both have the same ${Object.keys(ofOne).length} files`, isDeepStrictEqual(Object.keys(ofMany), Object.keys(ofOne)));
  const different = Object.keys(ofOne).filter((file) => !isDeepStrictEqual(ofMany[file], ofOne[file]));
  check(
    `the merged result is that of one process${different.length === 0 ? '' : `: ${different.join(', ')} differ`}`,
    different.length === 0,
  );
}

async function stop(): Promise<void> {
  slurm('scancel', '--full', '--signal=KILL', '--user=root');
  for (const daemon of daemons.reverse()) {
    if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
    const gone = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill('SIGTERM');
    const late = setTimeout(() => daemon.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(late);
  }
}

try {
  install();
  await startSlurm();
  await test();
  console.log('The array came to what one process comes to.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`Logs are in ${folder}.`);
  process.exitCode = 1;
} finally {
  await stop();
}
if (process.exitCode === undefined) rmSync(folder, { recursive: true, force: true });
