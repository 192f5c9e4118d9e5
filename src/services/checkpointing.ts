import { CheckpointError } from '../engine/checkpoint/errors.ts';
import { readState, verify, writeState } from '../engine/checkpoint/format.ts';
import type { Position, Stand, TrainingState } from '../engine/checkpoint/state.ts';
import { StoppedError } from '../engine/errors.ts';
import { keepCheckpoint, markUnsaved, positionWords } from '../storage/checkpoints.ts';
import type { CheckpointRow, StudioDatabase } from '../storage/database.ts';
import { FileCutShortError, FileMissingError, type FileStore, type NewFile, type StoredFile } from '../storage/files.ts';
import { problemOf } from './answer.ts';
import { CheckpointRule } from './checkpointRule.ts';
import type { Pacer } from './pacer.ts';

/** Chunks that are read before messages get their turn. */
const CHUNKS_A_TURN = 16;

/** A checkpoint that a run goes on from. */
export interface OpenCheckpoint {
  readonly row: CheckpointRow;
  readonly state: TrainingState;
  readonly close: () => void;
}

/**
 * The checkpoint of a run, whole and undamaged; why it is of no use, in words, where there is one that never can be used; else null.
 *
 * @throws whatever may pass: the checkpoint is as good as before then
 */
export async function openCheckpoint(
  files: FileStore,
  database: StudioDatabase,
  runId: number,
): Promise<OpenCheckpoint | string | null> {
  const row = await database.checkpoints.get(runId);
  if (row === undefined) return null;
  let file: StoredFile | null = null;
  try {
    file = await files.open(row.file);
    let chunks = 0;
    await verify(file, row, async () => {
      if (++chunks % CHUNKS_A_TURN === 0) await new Promise((resolve) => setTimeout(resolve));
    });
    return { row, state: readState(file), close: file.close };
  } catch (error) {
    file?.close();
    // The run itself can be computed: it begins anew, and says why.
    if (error instanceof CheckpointError || error instanceof FileMissingError || error instanceof FileCutShortError) {
      return error.message;
    }
    throw error;
  }
}

/** Writes the checkpoints of a run while it is trained. */
export class Saver {
  private readonly rule: CheckpointRule;
  private isAsked = false;
  private savedAt: number;

  /**
   * @param backend what computes, in the words of `CheckpointRow`
   * @param resumed what the run went on from
   * @param mayCover whether all that was computed is stored
   * @param log told what the user should know
   */
  constructor(
    private readonly files: FileStore,
    private readonly database: StudioDatabase,
    private readonly runId: number,
    private readonly backend: string,
    private readonly resumed: OpenCheckpoint | null,
    private readonly pacer: Pacer,
    private readonly mayCover: () => boolean,
    private readonly log: (text: string) => void,
  ) {
    this.rule = new CheckpointRule(() => pacer.now());
    this.savedAt = resumed?.row.savedAt ?? Date.now();
  }

  /** The next turn writes one, whatever it costs: the page is hidden, or the run paused or put back. */
  ask(): void {
    this.isAsked = true;
  }

  /** Between two steps: writes a checkpoint if one is due. What goes wrong with it is said, and the run goes on. */
  async consider(stand: Stand): Promise<void> {
    const { reason } = this.pacer;
    // Of a broken device nothing can be trusted, and what was stopped needs nothing.
    if (reason !== null && !(reason instanceof StoppedError && this.isAsked)) return;
    if (!this.mayCover()) return;
    if (!this.isAsked && !this.rule.isDue(stand.position())) return;
    this.isAsked = false;
    const started = performance.now();
    try {
      await this.pacer.aside(() => this.save(stand));
    } catch (error) {
      const { message } = problemOf(error);
      this.log(`The checkpoint of ${positionWords(stand.position())} is not saved. ${message} Training goes on.`);
      // What has no room for a checkpoint may have none for these words, either.
      await markUnsaved(this.database, this.runId, this.savedAt, message).catch((fault: unknown) =>
        this.log(`The run cannot say in the list of runs that it is not saved. ${problemOf(fault).message}`),
      );
    } finally {
      this.rule.wrote(stand.position(), performance.now() - started);
    }
  }

  /** First the file, whole; then the row that names it; then the older file goes. */
  private async save(stand: Stand): Promise<void> {
    this.resumed?.close();
    const position = stand.position();
    const before = await this.database.checkpoints.get(this.runId);
    const state = await stand.state();
    const file = await this.files.create('checkpoint');
    const written = await this.write(state, file);
    const savedAt = Date.now();
    const row = { runId: this.runId, file: file.name, ...written, savedAt, ...position, backend: this.backend };
    let isKept = false;
    try {
      // A device that was lost is told of by a message: what was read from it is not to count.
      await this.pacer.listen();
      const { reason } = this.pacer;
      if (reason === null || reason instanceof StoppedError) {
        isKept = await keepCheckpoint(this.database, row, this.isFurther(position));
      }
    } finally {
      if (!isKept) await this.files.remove(file.name);
    }
    if (!isKept) return;
    this.savedAt = savedAt;
    // Where that fails, it is swept when the run has ended: no row names it any more.
    if (before !== undefined) await this.files.remove(before.file).catch(() => undefined);
  }

  private async write(state: TrainingState, file: NewFile): Promise<{ bytes: number; checksum: number }> {
    try {
      const written = await writeState(state, file);
      await file.finish();
      return written;
    } catch (error) {
      await file.abandon();
      throw error;
    }
  }

  /** A run that was killed before it got anywhere may be what kills its tab. */
  private isFurther({ stage, epoch, step }: Position): boolean {
    if (this.resumed === null) return true;
    const { row } = this.resumed;
    if (stage !== row.stage) return true;
    return epoch > row.epoch || (epoch === row.epoch && step > row.step);
  }
}
