import { Loader } from '@mantine/core';
import { useState } from 'react';
import type { Experiment } from '../../experiments/experiment.ts';
import type { DatasetRow } from '../../storage/database.ts';
import type { ExperimentAddress } from './address.ts';
import { Builder } from './Builder.tsx';
import { beginning } from './beginning.ts';
import { Decoded } from './Decoded.tsx';
import { useModel } from './useModel.ts';

interface NewPlanProps {
  readonly address: Extract<ExperimentAddress, { kind: 'new' }>;
  readonly datasets: readonly DatasetRow[];
  /** The dataset that is in use. */
  readonly inUse: number | null;
}

/** A new experiment as its template has it, with the settings of a run or as far as it was planned before. */
export function NewPlan({ address, datasets, inUse }: NewPlanProps) {
  // The builder writes what becomes of it into the address.
  const [begun] = useState(address);
  const model = useModel(begun.like);
  if (model === undefined) return <Loader aria-label="Loading the experiment" />;
  const { experiment, datasetIds } = beginning(begun, datasets, inUse, model);
  const builder = (initial: Experiment) => (
    <Builder
      initial={initial}
      initialDatasets={datasetIds}
      datasets={datasets}
      placeOf={(plan, on) => ({ ...begun, like: null, plan, on })}
    />
  );
  return begun.plan === null ? builder(experiment) : <Decoded link={begun.plan}>{builder}</Decoded>;
}
