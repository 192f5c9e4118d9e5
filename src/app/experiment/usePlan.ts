import { useLocation } from 'wouter';
import type { Experiment } from '../../experiments/experiment.ts';
import { encodeExperiment } from '../../experiments/share.ts';
import { experimentLink } from './address.ts';

/** Opens an experiment in the builder; the address holds all of it, so that a reload keeps it. */
export function usePlan(): (experiment: Experiment) => Promise<void> {
  const [, navigate] = useLocation();
  return async (experiment) => navigate(experimentLink({ kind: 'shared', link: await encodeExperiment(experiment) }));
}
