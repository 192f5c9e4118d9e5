import { startTransition, useEffect, useRef, useState } from 'react';
import { policies, unwrap } from '../../services/clients.ts';
import type { Answer, PolicyService } from '../../services/protocol.ts';
import { Latest } from './latest.ts';

interface Asked<T> {
  /** The newest answer, kept while the next one is on its way. */
  readonly value: T | undefined;
  /** What it answers. */
  readonly key: string | null;
  /** Why there is none. */
  readonly problem: string | null;
}

/**
 * Asks the policies worker whenever `key` changes. Unlike `useAsked`, an answer is also shown when another question waits already:
 * charts follow while one drags. What comes of an answer is drawn in a transition, piece by piece: dragging and
 * typing never wait for it.
 *
 * @param key says what is asked: equal keys have equal answers
 * @param ask null while there is nothing to be asked
 */
export function useAnswer<T>(key: string, ask: ((service: PolicyService) => Promise<Answer<T>>) | null): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ value: undefined, key: null, problem: null });
  const latest = useRef<Latest>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` is another function at each render; the key says when it asks something else
  useEffect(() => {
    if (ask === null) return;
    latest.current ??= new Latest();
    latest.current.put(async () => {
      const { remote, call } = policies();
      try {
        const value = unwrap(await call(ask(remote)));
        startTransition(() => setAsked({ value, key, problem: null }));
      } catch (error) {
        setAsked({ value: undefined, key, problem: error instanceof Error ? error.message : String(error) });
      }
    });
  }, [key, ask === null]);
  return asked;
}
