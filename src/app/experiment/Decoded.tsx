import { Button, Loader } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Experiment } from '../../experiments/experiment.ts';
import { decodeExperiment } from '../../experiments/share.ts';
import { shownExperiment } from '../../storage/shownRows.ts';
import { asError } from '../shared/asError.ts';
import { Problem } from '../shared/Problem.tsx';
import { experimentLink } from './address.ts';

interface DecodedProps {
  readonly link: string;
  readonly children: (experiment: Experiment) => ReactNode;
}

/** An experiment that stands in an address, once it is read. */
export function Decoded({ link, children }: DecodedProps) {
  const [read, setRead] = useState<{ readonly experiment?: Experiment; readonly error?: Error }>({});
  const [, navigate] = useLocation();
  useEffect(() => {
    decodeExperiment(link).then(
      (experiment) => setRead({ experiment: shownExperiment(experiment) }),
      (error: unknown) => setRead({ error: asError(error) }),
    );
  }, [link]);
  const { experiment, error } = read;
  if (error !== undefined) {
    return (
      <Problem error={error} title="This link cannot be opened">
        <Button variant="default" onClick={() => navigate(experimentLink({ kind: 'list' }))}>
          All experiments
        </Button>
      </Problem>
    );
  }
  return experiment === undefined ? <Loader aria-label="Loading the experiment" /> : children(experiment);
}
