import { useEffect, useState } from 'react';
import { describeMethod } from '../../configuration/methods.ts';
import type { Configuration } from '../../configuration/schema.ts';
import type { Plan, Sizes } from '../../engine/planner/plan.ts';
import { planning, unwrap } from '../../services/clients.ts';
import type { DatasetRow } from '../../storage/database.ts';

/** What the largest of some runs asks of a GPU; `null` until it is known. */
interface GpuPlan {
  readonly peakBytes: number;
  readonly dispatches: number;
}

/** Runs that are planned, the largest first: of a search, many are alike. */
const MOST_PLANS = 6;
/** After the last change, in milliseconds. */
const PATIENCE = 400;

const known = new Map<string, Promise<Plan>>();

/** The stages that a run goes through, each with sizes of its own; none where nothing is trained. */
function stagesOf(configuration: Configuration, { task, figures }: Pick<DatasetRow, 'task' | 'figures'>): Sizes[] {
  if (configuration.method === 'most-popular') return [];
  const { sourceItems, targetItems, sourceUsers } = figures;
  const instances = Math.max(1, Math.round(0.8 * figures.instances * configuration.fineTuning.trainingFraction));
  const sizes = { configuration, task, sourceItems, targetItems, sourceUsers, instances };
  const { pretrained } = describeMethod(configuration.method);
  const stages = [...(pretrained ? (['pretraining'] as const) : []), 'fine-tuning' as const];
  return stages.map((stage) => ({ ...sizes, stage }));
}

/** Equal for stages whose steps are alike: whatever does not change a shape is left out. */
function keyOf({ configuration, ...sizes }: Sizes): string {
  const { seed: _seed, temperature: _temperature, ...shaping } = configuration;
  return JSON.stringify([sizes, sizes.stage === 'pretraining' ? { ...shaping, method: '' } : shaping]);
}

function planned(sizes: Sizes): Promise<Plan> {
  const key = keyOf(sizes);
  const found = known.get(key) ?? planning().call(planning().remote.plan(sizes)).then(unwrap);
  known.set(key, found);
  return found;
}

/** Plans some runs in a worker, if they are to be trained on a GPU. `problem`: why it could not. */
export function useGpuPlan(configurations: readonly Configuration[], dataset: DatasetRow, isWanted: boolean) {
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
        const plans = await Promise.all(Array.from(distinct.values()).slice(0, MOST_PLANS).map(planned));
        const most = (of: keyof Plan) => Math.max(...plans.map((plan) => plan[of]));
        if (isCurrent) setState({ plan: { peakBytes: most('peakBytes'), dispatches: most('dispatches') }, problem: null });
      } catch (error) {
        if (isCurrent) setState({ plan: null, problem: error instanceof Error ? error.message : String(error) });
      }
    }, PATIENCE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return state;
}
