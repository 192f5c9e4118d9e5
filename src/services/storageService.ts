import { StoppedError } from '../engine/errors.ts';
import { STUDIO_VERSION } from '../engine/training/report.ts';
import { cleanUp } from '../storage/cleanUp.ts';
import type { StudioDatabase } from '../storage/database.ts';
import type { FileStore } from '../storage/files.ts';
import { Scales, totalOf } from '../storage/measure.ts';
import { takeInWorkspace } from '../storage/workspace/takeInWorkspace.ts';
import { type Going, withWorkspaceZip } from '../storage/workspace/write.ts';
import { answer } from './answer.ts';
import type { StorageService, WorkspaceExported } from './protocol.ts';

export interface StorageEnvironment {
  readonly database: StudioDatabase;
  /** Opened when it is first needed. */
  readonly files: () => Promise<FileStore>;
  /** Held while files wait for the rows that name them. */
  readonly locks: LockManager | undefined;
  /** The browser, in its own words. */
  readonly platform: string;
  /** Bytes that the browser says are in use; null where it says nothing. */
  readonly usage: () => Promise<number | null>;
}

/** Bytes after which what was written is handed to the browser, which may keep it on disk. */
const PART = 1 << 24;

/** Looks after what is stored: one thing at a time. */
export function storageService({ database, files, locks, platform, usage }: StorageEnvironment): StorageService {
  const scales = new Scales(database, files);
  const measure = () => scales.measure();
  let stopped = false;
  /** Starts what can be stopped. */
  const going = (onShare: (share: number) => void): Going => {
    stopped = false;
    let told = 0;
    let turnedAt = performance.now();
    return {
      turn: async () => {
        // A macrotask now and then: what a page asks meanwhile comes in as a message.
        if (performance.now() - turnedAt > 20) {
          await new Promise((resolve) => setTimeout(resolve));
          turnedAt = performance.now();
        }
        if (stopped) throw new StoppedError();
      },
      share: (share) => {
        if (share - told < 0.01 && share < 1) return;
        told = share;
        onShare(share);
      },
    };
  };
  return {
    measure: () => answer(measure),
    cleanUp: (choices, inUse) =>
      answer(async () => {
        const before = { measured: totalOf(await measure()), browser: await usage() };
        await cleanUp(database, await files(), locks, new Set(choices), inUse);
        const after = { measured: totalOf(await measure()), browser: await usage() };
        return {
          measured: { before: before.measured, after: after.measured },
          browser: before.browser === null || after.browser === null ? null : { before: before.browser, after: after.browser },
        };
      }),
    exportWorkspace: (to, datasetId, onShare) =>
      answer(async (): Promise<WorkspaceExported> => {
        const leftOut: string[] = [];
        const origin = { studio: STUDIO_VERSION, platform, datasetId };
        const note = (words: string) => leftOut.push(words);
        const store = await files();
        const zipped = <T>(use: (zip: ReadableStream<Uint8Array>) => Promise<T>) =>
          withWorkspaceZip(database, store, origin, going(onShare), note, use);
        if (to === null) {
          const blob = await zipped(gathered);
          return { blob, bytes: blob.size, leftOut };
        }
        // Where it fails or is stopped the file stays as it was.
        const into = await to.createWritable();
        await zipped((zip) => zip.pipeTo(into));
        return { blob: null, bytes: (await to.getFile()).size, leftOut };
      }),
    importWorkspace: (file, onShare) => answer(async () => takeInWorkspace(database, await files(), locks, file, going(onShare))),
    stop: async () => {
      stopped = true;
    },
  };
}

/** All of a stream as a blob, in parts that need not stay in this worker's memory. */
async function gathered(stream: ReadableStream<Uint8Array>): Promise<Blob> {
  const parts: Blob[] = [];
  let pending: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const hand = () => {
    parts.push(new Blob(pending));
    pending = [];
    bytes = 0;
  };
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pending.push(value as Uint8Array<ArrayBuffer>);
    bytes += value.length;
    if (bytes >= PART) hand();
  }
  hand();
  return new Blob(parts, { type: 'application/zip' });
}
