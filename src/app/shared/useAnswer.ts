import { startTransition, useEffect, useRef, useState } from 'react';
import { type Connection, importing, inspecting, policies, results, storing, unwrap } from '../../services/clients.ts';
import type {
  Answer,
  ImportService,
  InspectionService,
  PolicyService,
  ResultsService,
  StorageService,
} from '../../services/protocol.ts';
import { asError } from './asError.ts';
import { Latest } from './latest.ts';

interface Asked<T> {
  /** The newest answer, kept while the next one is on its way, so that nothing flickers. */
  readonly value: T | undefined;
  /** What it answers. */
  readonly key: string | null;
  /** Why the present question could not be answered. */
  readonly error: Error | null;
  /** Whether an answer to the present question is still to come. */
  readonly waiting: boolean;
}

/** Asks a worker. @throws ServiceError, WorkerLostError */
async function ask<S, T>(connect: () => Connection<S>, question: (service: S) => Promise<Answer<T>>): Promise<T> {
  const { remote, call } = connect();
  return unwrap(await call(question(remote)));
}

export const askInspection = <T>(question: (service: InspectionService) => Promise<Answer<T>>): Promise<T> =>
  ask(inspecting, question);
export const askResults = <T>(question: (service: ResultsService) => Promise<Answer<T>>): Promise<T> => ask(results, question);
export const askPolicies = <T>(question: (service: PolicyService) => Promise<Answer<T>>): Promise<T> => ask(policies, question);
export const askStorage = <T>(question: (service: StorageService) => Promise<Answer<T>>): Promise<T> => ask(storing, question);

/**
 * What a worker answers to a question. One question at a time is on its way, and of those that wait only the newest is asked.
 * Each answer is shown, also when another question waits already: charts follow while one drags. It is drawn in a transition,
 * piece by piece, so that dragging and typing never wait for it.
 *
 * @param key says what is asked: equal keys have equal answers; null asks nothing
 */
function useAnswer<S, T>(
  connect: () => Connection<S>,
  key: string | null,
  question: (service: S) => Promise<Answer<T>>,
): Asked<T> {
  const [answered, setAnswered] = useState<{ readonly value: T | undefined; readonly of: string | null }>({
    value: undefined,
    of: null,
  });
  const [failed, setFailed] = useState<{ readonly error: Error; readonly of: string } | null>(null);
  const latest = useRef<Latest>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `question` is another function at each render; the key says when it asks something else
  useEffect(() => {
    if (key === null) return;
    latest.current ??= new Latest();
    latest.current.put(async () => {
      try {
        const value = await ask(connect, question);
        startTransition(() => {
          setAnswered({ value, of: key });
          // What failed may have been asked again.
          setFailed(null);
        });
      } catch (error) {
        setFailed({ error: asError(error), of: key });
      }
    });
  }, [key]);
  const error = failed?.of === key ? failed.error : null;
  const waiting = key !== null && answered.of !== key && error === null;
  return { value: answered.value, key: answered.of, error, waiting };
}

/** What the inspection worker answers: see `useAnswer`. */
export const useInspection = <T>(key: string | null, question: (service: InspectionService) => Promise<Answer<T>>) =>
  useAnswer(inspecting, key, question);

/** What the policies worker answers: see `useAnswer`. */
export const usePolicies = <T>(key: string | null, question: (service: PolicyService) => Promise<Answer<T>>) =>
  useAnswer(policies, key, question);

/** What the results worker answers: see `useAnswer`. */
export const useResults = <T>(key: string | null, question: (service: ResultsService) => Promise<Answer<T>>) =>
  useAnswer(results, key, question);

/** What the import worker answers: see `useAnswer`. */
export const useImports = <T>(key: string | null, question: (service: ImportService) => Promise<Answer<T>>) =>
  useAnswer(importing, key, question);
/** What the storage worker answers: see `useAnswer`. */
export const useStoring = <T>(key: string | null, question: (service: StorageService) => Promise<Answer<T>>) =>
  useAnswer(storing, key, question);
