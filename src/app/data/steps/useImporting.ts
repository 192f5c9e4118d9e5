import { useEffect, useRef, useState } from 'react';
import type { PreparationSettings } from '../../../data/dataset.ts';
import { importing, progressListener, unwrap } from '../../../services/clients.ts';
import { bytesToRead } from '../../../services/dropped.ts';
import type { ImportProgress, ReadRequest } from '../../../services/protocol.ts';
import { database } from '../../../state/database.ts';
import { deleteDataset } from '../../../storage/database.ts';

/** Where the import of some files stands. */
export type Standing =
  | { readonly step: 'unread' | 'cancelled' | 'failed' }
  | { readonly step: 'reading' | 'storing'; readonly progress: ImportProgress | null }
  /** `reading`: which one it was, since each may say something else. */
  | { readonly step: 'read'; readonly reading: number };

/** Files that are read at once, since it takes a moment: bytes of both. */
const SMALL = 20_000_000;

/**
 * Reads files and stores what was read. What is read belongs to the files and formats that were asked for: when others are, it is
 * forgotten. One may leave at any moment; then nothing is kept.
 *
 * @param request null while files are missing; `key` says which one it is
 * @param isReady whether nothing else is going on with the files
 */
export function useImporting(request: ReadRequest | null, key: string, isReady: boolean, onProblem: (error: unknown) => void) {
  const [known, setKnown] = useState<{ readonly key: string; readonly standing: Standing }>({
    key: '',
    standing: { step: 'unread' },
  });
  const standing: Standing = known.key === key ? known.standing : { step: 'unread' };
  /** Counts what was begun: whoever comes back and is not the last one has been left. */
  const begun = useRef(0);
  /** Whether the worker may hold something. */
  const holds = useRef(false);

  /** Carries out one thing, unless it was left meanwhile. @returns null then, or where it failed */
  const carryOut = async <T>(
    step: 'reading' | 'storing',
    onFailure: Standing,
    work: (onProgress: (progress: ImportProgress) => void) => Promise<T>,
    onLeft: (value: T) => Promise<void>,
  ): Promise<{ readonly value: T; readonly number: number } | null> => {
    const number = ++begun.current;
    const isLast = () => begun.current === number;
    // Progress comes on a channel of its own, and may come after the answer.
    let isDone = false;
    const tell = (progress: ImportProgress) => {
      if (isLast() && !isDone) setKnown({ key, standing: { step, progress } });
    };
    setKnown({ key, standing: { step, progress: null } });
    let value: T;
    try {
      value = await work(tell);
    } catch (error) {
      if (isLast()) {
        setKnown({ key, standing: onFailure });
        onProblem(error);
      }
      return null;
    } finally {
      isDone = true;
    }
    if (isLast()) return { value, number };
    await onLeft(value).catch(onProblem);
    return null;
  };

  const read = async (skipBadRows: boolean): Promise<boolean> => {
    if (request === null) return false;
    holds.current = true;
    const { remote, call } = importing();
    const done = await carryOut(
      'reading',
      { step: 'failed' },
      async (onProgress) => unwrap(await call(remote.read({ ...request, skipBadRows }, progressListener(onProgress)))),
      async () => {},
    );
    if (done !== null) setKnown({ key, standing: { step: 'read', reading: done.number } });
    return done !== null;
  };

  /** @returns the id of the dataset; null where it was not stored */
  const store = async (name: string, settings: PreparationSettings): Promise<number | null> => {
    const { remote, call } = importing();
    const done = await carryOut(
      'storing',
      // What was read is still there; its effect, which storing may have ended, is asked for anew.
      { step: 'read', reading: begun.current + 1 },
      async (onProgress) => unwrap(await call(remote.store(name, settings, progressListener(onProgress)))),
      // It was stored before the worker heard of the end.
      (id) => deleteDataset(database, id),
    );
    return done?.value ?? null;
  };

  /** Answers at once; the worker follows. */
  const cancel = () => {
    begun.current++;
    setKnown({ key, standing: { step: 'cancelled' } });
    drop().catch(onProblem);
  };

  const drop = async () => {
    if (!holds.current) return;
    holds.current = false;
    const { remote, call } = importing();
    unwrap(await call(remote.drop()));
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: read once for each request, as soon as it is ready
  useEffect(() => {
    if (request !== null && isReady && standing.step === 'unread' && bytesToRead(request) <= SMALL) read(false);
  }, [key, isReady]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, at the end
  useEffect(
    () => () => {
      begun.current++;
      // Nobody is there any more to be told of a problem.
      drop().catch(() => undefined);
    },
    [],
  );
  return { standing, read, store, cancel };
}
