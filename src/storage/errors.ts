/** Something that was asked about is not, or no longer, in the database. */
export class NothingStoredError extends Error {
  override name = 'NothingStoredError';
}

/** What the database was stored by is newer than this studio: it must not write there. */
export class NewerSchemaError extends Error {
  override name = 'NewerSchemaError';
  constructor() {
    super('What is stored here was written by a newer version of the studio. Reload the page to get it.');
  }
}

/** A newer version of the studio, in another tab, has taken the database over while something was going on here. */
export class OutdatedError extends Error {
  override name = 'OutdatedError';
  constructor() {
    super('A newer version of the studio is open in another tab. This one writes nothing more: reload it.');
  }
}

/** A late message, write or recovery would have changed what is final. */
export class FinalStatusError extends Error {
  override name = 'FinalStatusError';
  constructor(from: string, to: string) {
    super(`A run that is ${from} stays so: it cannot become ${to}.`);
  }
}

/** Which fault of the storage an error tells of: it is full, or its connection is gone; null for any other error. */
export function storageFault(error: unknown): 'full' | 'connection' | null {
  if (!(error instanceof Error)) return null;
  if (error.name === 'QuotaExceededError' || /quota/i.test(error.message)) return 'full';
  // A transaction that was aborted says why in an error of its own.
  const inner: unknown = 'inner' in error ? error.inner : undefined;
  if (inner !== undefined && inner !== error && storageFault(inner) !== null) return storageFault(inner);
  const isGone = ['DatabaseClosedError', 'InvalidStateError', 'AbortError', 'UnknownError', 'OpenFailedError'].includes(
    error.name,
  );
  return isGone || /connection (is closing|to indexed database server lost)/i.test(error.message) ? 'connection' : null;
}
