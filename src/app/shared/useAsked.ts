import { useEffect, useRef, useState } from 'react';
import { inspecting, unwrap } from '../../services/clients.ts';
import type { Answer, InspectionService } from '../../services/protocol.ts';
import { inTurn } from './inTurn.ts';

/** Asks the inspection worker. @throws ServiceError */
export async function inspect<T>(request: (remote: InspectionService) => Promise<Answer<T>>): Promise<T> {
  const { remote, call } = inspecting();
  return unwrap(await call(request(remote)));
}

interface Asked<T> {
  /** The newest answer there is; while the next one is awaited it stays, so that nothing flickers. */
  readonly value: T | null;
  /** Why the present question could not be answered. */
  readonly error: Error | null;
  /** Whether an answer to the present question is still to come. */
  readonly waiting: boolean;
}

/**
 * What the inspection worker answers to a question. One question at a time is on its way, and of those that wait only the
 * newest is asked.
 *
 * @param key what the question is: it is asked again when this is another; null asks nothing
 */
export function useAsked<T>(key: string | null, ask: (remote: InspectionService) => Promise<Answer<T>>): Asked<T> {
  const [answered, setAnswered] = useState<{ key: string | null; value: T | null; error: Error | null }>({
    key: null,
    value: null,
    error: null,
  });
  const turn = useRef(inTurn());
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked; `ask` is another function each time
  useEffect(() => {
    if (key === null) return;
    return turn.current(
      () => inspect(ask),
      (value) => setAnswered({ key, value, error: null }),
      (error) => setAnswered((before) => ({ ...before, key, error })),
    );
  }, [key]);
  const isCurrent = answered.key === key;
  return { value: answered.value, error: isCurrent ? answered.error : null, waiting: key !== null && !isCurrent };
}
