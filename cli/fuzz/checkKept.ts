import { crc32 } from '../../src/data/zip/crc32.ts';
import { openCheckpoint } from '../../src/services/checkpointing.ts';
import type { Problem } from '../../src/services/protocol.ts';
import { storageService } from '../../src/services/storageService.ts';
import type { StudioDatabase } from '../../src/storage/database.ts';
import type { FileStore } from '../../src/storage/files.ts';
import { type CheckpointFacts, hashOfBytes } from './keptFiles.ts';
import { faultsOfWords } from './words.ts';

interface Checked {
  readonly problem: Problem | null;
  readonly faults: readonly string[];
}

/** Imports a workspace. What of it is refused is told in words, and what came of it can be exported again. */
export async function takeInWhole(database: StudioDatabase, store: FileStore, file: File): Promise<Checked> {
  const service = storageService({
    database,
    files: async () => store,
    locks: undefined,
    platform: 'fuzz',
    usage: async () => null,
  });
  const answer = await service.importWorkspace(file, () => {});
  if (!answer.ok) return { problem: answer.problem, faults: [] };
  const faults = answer.value.problems.flatMap(faultsOfWords);
  const exported = await service.exportWorkspace(null, null, () => {});
  if (!exported.ok) faults.push(`What came cannot be exported: ${exported.problem.message}`);
  else faults.push(...exported.value.leftOut.map((words) => `What came is not whole: ${words}`));
  return { problem: null, faults };
}

/** Reads a checkpoint: a damaged one is never used, and one with a checksum that lies takes no more memory than it has bytes. */
export async function checkCheckpoint(database: StudioDatabase, store: FileStore, file: File, row: File): Promise<Checked> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const facts: CheckpointFacts = JSON.parse(await row.text());
  const isWhole = hashOfBytes(bytes) === facts.hash;
  const faults: string[] = [];
  const opened = await open(database, store, bytes, facts);
  if (typeof opened === 'string' && isWhole) faults.push(`A whole checkpoint is refused: ${opened}`);
  if (typeof opened !== 'string' && !isWhole) faults.push('A damaged checkpoint would be used.');
  const lying = await open(database, store, bytes, { bytes: bytes.length, checksum: crc32(bytes) });
  if (typeof lying !== 'string' && lying > bytes.length) faults.push(`${bytes.length} bytes become ${lying}.`);
  if (typeof lying === 'string') faults.push(...faultsOfWords(lying));
  return {
    problem: typeof opened === 'string' ? { name: 'CheckpointError', message: opened, cause: null, badRows: null } : null,
    faults,
  };
}

/** Bytes of all values of a checkpoint; why it cannot be used where it cannot. */
async function open(
  database: StudioDatabase,
  store: FileStore,
  bytes: Uint8Array,
  { bytes: length, checksum }: Omit<CheckpointFacts, 'hash'>,
): Promise<number | string> {
  const file = await store.create('checkpoint');
  file.write(bytes, 0);
  await file.finish();
  const place = { stage: 'fine-tuning', epoch: 2, step: 3 } as const;
  await database.checkpoints.put({ runId: 1, file: file.name, bytes: length, checksum, savedAt: 1, ...place });
  try {
    const opened = await openCheckpoint(store, database, 1);
    if (opened === null) throw new Error('The checkpoint is gone.');
    if (typeof opened === 'string') return opened;
    let read = 0;
    for (const tensor of opened.state.tensors) read += (await tensor.read()).byteLength;
    opened.close();
    return read;
  } finally {
    await database.checkpoints.clear();
    await store.remove(file.name);
  }
}
