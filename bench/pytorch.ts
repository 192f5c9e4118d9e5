import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gumbelDifference } from '../src/engine/model/policy.ts';
import { type Case, noiseStream } from './cases.ts';
import type { Runner, Step } from './engine.ts';

/** A Python that has PyTorch; null without one. */
export function findPyTorch(): string | null {
  const has = (python: string) => spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0;
  return ['python3', '/usr/bin/python3'].find(has) ?? null;
}

/** PyTorch on the CPU, in a process of its own that takes one request a line. */
export class PyTorch {
  private readonly process: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private readonly folder = mkdtempSync(join(tmpdir(), 'studio-bench-'));
  private cases = 0;

  constructor(python: string) {
    const script = fileURLToPath(new URL('pytorch.py', import.meta.url));
    this.process = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.process.stdout === null) throw new Error('PyTorch’s process has no output.');
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** Sets the number of threads; what it is. Matrix products go to whatever BLAS the system has: OpenBLAS is ten times its reference. */
  async begin(threads: number): Promise<string> {
    const { version, oneDnn } = await this.ask<{ version: string; oneDnn: string }>({ threads });
    return `PyTorch ${version}, ${oneDnn}, threads ${threads}`;
  }

  async runner(of: Case): Promise<Runner> {
    const folder = join(this.folder, String(this.cases++));
    writeCase(of, folder);
    return {
      step: () => this.ask<Step>({ folder }),
      dispose: () => rmSync(folder, { recursive: true }),
    };
  }

  end(): void {
    this.process.kill();
    rmSync(this.folder, { recursive: true });
  }

  private async ask<Answer>(request: object): Promise<Answer> {
    this.process.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error('PyTorch’s process ended before it answered; its own words stand above.');
    return JSON.parse(value) as Answer;
  }
}

/** A case as files: `case.json`, and the raw values of each tensor. */
function writeCase({ task, configuration, parameters, isTrained, batch }: Case, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, values: Float32Array | Int32Array, shape: readonly number[]) => {
    const file = `${name}.bin`;
    writeFileSync(join(folder, file), values);
    return { file, shape, type: values instanceof Float32Array ? 'float32' : 'int32' };
  };
  const { items, rows, length } = batch.sequences;
  const shape: [number, number] = [rows, configuration.dilations.length];
  const noise = gumbelDifference(shape, noiseStream().uniform);
  const about = {
    task,
    dilations: configuration.dilations,
    temperature: configuration.temperature,
    learningRate: configuration.fineTuning.learningRate,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [
        name,
        { ...write(name, tensor.values, tensor.shape), trained: isTrained(name) },
      ]),
    ),
    arrays: {
      items: write('items', items, [rows, length]),
      positives: write('positives', batch.positives, [rows]),
      negatives: write('negatives', batch.negatives, [rows]),
      noise: write('noise', noise.dataSync() as Float32Array, shape),
    },
  };
  noise.dispose();
  writeFileSync(join(folder, 'case.json'), JSON.stringify(about));
}
