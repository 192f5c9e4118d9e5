import { useState } from 'react';
import { asError } from '../shared/asError.ts';
import { download } from '../shared/download.ts';

interface Saving {
  /** What is being made, and how much of it is done (0 to 1; null where that is not known). */
  readonly what: string | null;
  readonly share: number | null;
  readonly error: Error | null;
}

const IDLE: Saving = { what: null, share: null, error: null };

/** Makes one file at a time and hands it to the browser; why that did not work is told. */
export function useSaving() {
  const [state, setState] = useState(IDLE);
  const save = async (what: string, name: string, make: (onShare: (share: number) => void) => Promise<Blob>) => {
    setState({ ...IDLE, what });
    try {
      download(name, await make((share) => setState((before) => ({ ...before, share }))));
      setState(IDLE);
    } catch (error) {
      // Whoever stops it knows.
      const isStopped = error instanceof Error && error.name === 'StoppedError';
      setState({ ...IDLE, error: isStopped ? null : asError(error) });
    }
  };
  return { ...state, save, forget: () => setState((before) => ({ ...before, error: null })) };
}
