import { useEffect, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Experiment } from '../../experiments/experiment.ts';
import { encodeExperiment } from '../../experiments/share.ts';
import { type ExperimentAddress, experimentLink } from './address.ts';
import { begunAt, goingOn } from './begun.ts';

/** Milliseconds without a change after which a plan is kept. */
const REST = 300;

/**
 * Keeps what is planned in the address, so that a reload, and coming back to it, bring it again. One that lacks a name, methods or
 * seeds is no experiment yet: then what was there before is kept.
 *
 * @param placeOf the address of an encoded plan on some datasets
 * @returns keeps it at once
 */
export function useKeptPlan(
  experiment: Experiment,
  ids: readonly number[],
  placeOf: (link: string, on: readonly number[]) => ExperimentAddress,
): () => Promise<void> {
  const search = useSearch();
  const [, navigate] = useLocation();
  const text = JSON.stringify([experiment, ids]);
  const kept = useRef(text);
  const keep = async () => {
    const before = location.hash;
    const link = await encodeExperiment(experiment);
    // Who has left in the meantime is not called back.
    if (link === null || location.hash !== before) return;
    kept.current = text;
    navigate(experimentLink(placeOf(link, ids)), { replace: true, state: goingOn(begunAt(search, history.state)) });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text says when there is something else to keep
  useEffect(() => {
    if (text === kept.current) return;
    const timer = setTimeout(keep, REST);
    return () => clearTimeout(timer);
  }, [text]);
  return async () => {
    if (text !== kept.current) await keep();
  };
}
