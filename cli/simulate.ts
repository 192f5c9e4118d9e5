import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fineTuningLines, longRows, pretrainingLines } from '../src/data/simulatedFiles.ts';
import { UsageError } from './errors.ts';

const USAGE = `npm run simulate -- --out FOLDER [options]

Writes files of a made-up dataset at any size, the same ones from the same seed.

  --users 1649095          people in the source domain
  --length 50              source items of each
  --source-items 191022    catalogues: 1 / rank^0.8 within 20 genres
  --target-items 20343
  --finetune-users 759623  how many of the users have targets; default: as many as --instances needs
  --instances 3798114      targets in all; or
  --targets-per-user 5     targets of each user who has some
  --format pair            pair: pretraining.csv and finetuning.csv, as the PeterRec / UAF release has them;
                           long: source.csv and target.csv, user,item,timestamp ordered by user; both
  --seed 1

Without sizes the files are those of the paper's ColdRec-1.`;

const FORMATS = ['pair', 'long', 'both'];
const COLDREC_1 = { users: 1_649_095, instances: 3_798_114 };

try {
  main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

function main(): void {
  const { values } = parse();
  if (values.help || values.out === undefined) {
    console.log(USAGE);
    return;
  }
  if (!FORMATS.includes(values.format)) throw new UsageError(`--format is one of ${FORMATS.join(', ')}.`);
  const users = whole('users', values.users, COLDREC_1.users);
  const perUser = whole('targets-per-user', values['targets-per-user'], 5);
  // Fewer users have as many fewer targets, unless it is said how many.
  const wanted = Math.max(1, Math.round((COLDREC_1.instances / COLDREC_1.users) * users));
  const asked = values.instances === undefined ? null : whole('instances', values.instances, wanted);
  const byInstances = Math.min(users, Math.ceil((asked ?? wanted) / perUser));
  const targetUsers = whole('finetune-users', values['finetune-users'], byInstances);
  if (targetUsers > users) throw new UsageError('--finetune-users are some of the --users: there cannot be more of them.');
  const isPerUser = asked === null && (values['targets-per-user'] !== undefined || values['finetune-users'] !== undefined);
  const sizes = {
    users,
    length: whole('length', values.length, 50),
    sourceItems: whole('source-items', values['source-items'], 191_022),
    targetItems: whole('target-items', values['target-items'], 20_343),
    targetUsers,
    instances: asked ?? (isPerUser ? targetUsers * perUser : wanted),
    seed: whole('seed', values.seed, 1),
  };
  if (sizes.instances < targetUsers) throw new UsageError('--instances: each of --finetune-users has at least one.');
  mkdirSync(values.out, { recursive: true });
  const files: [string, Iterable<Uint8Array>][] = [];
  if (values.format !== 'long')
    files.push(['pretraining.csv', pretrainingLines(sizes)], ['finetuning.csv', fineTuningLines(sizes)]);
  if (values.format !== 'pair') files.push(['source.csv', longRows(sizes, 'source')], ['target.csv', longRows(sizes, 'target')]);
  for (const [name, pieces] of files) write(join(values.out, name), pieces);
}

function parse() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      options: {
        users: text,
        length: text,
        'source-items': text,
        'target-items': text,
        'finetune-users': text,
        instances: text,
        'targets-per-user': text,
        seed: text,
        out: text,
        format: { ...text, default: 'pair' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new UsageError(`--${option}: “${text}” is no whole number from 1.`);
  return value;
}

function write(path: string, pieces: Iterable<Uint8Array>): void {
  const started = performance.now();
  const file = openSync(path, 'w');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      // A full disk takes a part, and says so only when it is asked for the rest.
      for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
      bytes += piece.length;
    }
  } finally {
    closeSync(file);
  }
  console.log(`${path}: ${(bytes / 1e6).toFixed(1)} MB in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
