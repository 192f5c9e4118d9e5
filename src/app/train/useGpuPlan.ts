import { useEffect, useState } from 'react';
import type { Configuration } from '../../configuration/schema.ts';
import type { Plan, Sizes } from '../../engine/planner/plan.ts';
import { planning, unwrap } from '../../services/clients.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { asError } from '../shared/asError.ts';
import { extent, keyOf, stagesOf } from './gpuSizes.ts';

/** What the largest of some runs asks of a GPU; `null` until it is known. */
type GpuPlan = Omit<Plan, 'bytesTouched'>;

/** Runs that are planned, the largest first: of a search, many are alike. */
const MOST_PLANS = 6;
/** After the last change, in milliseconds. */
const PATIENCE = 400;

const known = new Map<string, Promise<Plan>>();

function planned(sizes: Sizes): Promise<Plan> {
  const key = keyOf(sizes);
  const found = known.get(key) ?? planning().call(planning().remote.plan(sizes)).then(unwrap);
  known.set(key, found);
  // What failed may succeed the next time.
  found.catch(() => known.delete(key));
  return found;
}

/** Plans some runs in a worker, if they are to be trained on a GPU. `problem`: why it could not. */
export function useGpuPlan(
  configurations: readonly Configuration[],
  dataset: Pick<DatasetRow, 'task' | 'figures'>,
  isWanted: boolean,
) {
  const [state, setState] = useState<{ plan: GpuPlan | null; problem: string | null }>({ plan: null, problem: null });
  const stages = isWanted ? configurations.flatMap((configuration) => stagesOf(configuration, dataset)) : [];
  const distinct = new Map(stages.map((sizes) => [keyOf(sizes), sizes]));
  const wanted = Array.from(distinct.keys()).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys say whether anything has changed that a plan depends on
  useEffect(() => {
    if (wanted === '') {
      setState({ plan: null, problem: null });
      return;
    }
    let isCurrent = true;
    const timer = setTimeout(async () => {
      try {
        const largest = Array.from(distinct.values()).sort((a, b) => extent(b) - extent(a));
        const plans = await Promise.all(largest.slice(0, MOST_PLANS).map(planned));
        const most = (of: keyof Plan) => Math.max(...plans.map((plan) => plan[of]));
        const plan = {
          peakBytes: most('peakBytes'),
          dispatches: most('dispatches'),
          largestBinding: most('largestBinding'),
        };
        if (isCurrent) setState({ plan, problem: null });
      } catch (error) {
        if (isCurrent) setState({ plan: null, problem: asError(error).message });
      }
    }, PATIENCE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return state;
}
