import { useLocation } from 'wouter';
import type { Experiment } from '../../experiments/experiment.ts';
import { encodeExperiment } from '../../experiments/share.ts';
import { experimentLink, type PlanSource } from './address.ts';

/** Opens an experiment in the builder, on some datasets or, where none are given, asking for them; the address holds all of it, so that a reload keeps it. Throws where it is too large for that. */
export function usePlan(): (experiment: Experiment, from: PlanSource, on: readonly number[]) => Promise<void> {
  const [, navigate] = useLocation();
  return async (experiment, from, on) => {
    const link = await encodeExperiment(experiment);
    if (link === null) throw new Error('It is too large to be planned on this page: the command line takes it.');
    navigate(experimentLink({ kind: 'shared', link, on, from }));
  };
}
