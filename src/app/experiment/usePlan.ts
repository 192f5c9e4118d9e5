import { useLocation } from 'wouter';
import type { Experiment } from '../../experiments/experiment.ts';
import { encodeExperiment } from '../../experiments/share.ts';
import { experimentLink } from './address.ts';

/** Opens an experiment in the builder; the address holds all of it, so that a reload keeps it. Throws where it is too large for that. */
export function usePlan(): (experiment: Experiment) => Promise<void> {
  const [, navigate] = useLocation();
  return async (experiment) => {
    const link = await encodeExperiment(experiment);
    if (link === null) throw new Error('It is too large to be planned on this page: the command line takes it.');
    navigate(experimentLink({ kind: 'shared', link, on: [] }));
  };
}
