import { useLayoutEffect, useState } from 'react';
import type { Experiment } from '../../experiments/experiment.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { type Planned, planning } from './planned.ts';

/** Milliseconds of planning without a break. */
const PORTION = 8;

/**
 * What an experiment comes to on some datasets: null until it is planned for the first time. Small plans are there at once; of large
 * ones that before stays until the next is done.
 */
export function usePlanned(experiment: Omit<Experiment, 'name'>, datasets: readonly DatasetRow[]) {
  const [planned, setPlanned] = useState<Planned | null>(null);
  const [of, setOf] = useState<readonly unknown[]>([]);
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const steps = planning(experiment, datasets);
    const goOn = () => {
      const until = performance.now() + PORTION;
      while (performance.now() < until) {
        const { done, value } = steps.next();
        if (!done) continue;
        setPlanned(value);
        setOf([experiment, datasets]);
        return;
      }
      timer = setTimeout(goOn);
    };
    goOn();
    return () => clearTimeout(timer);
  }, [experiment, datasets]);
  return { planned, isCurrent: of[0] === experiment && of[1] === datasets };
}
