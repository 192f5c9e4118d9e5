import { plan } from '../engine/planner/plan.ts';
import { answer } from './answer.ts';
import type { PlanningService } from './protocol.ts';

/** Plans take over tfjs's backend, and go through steps that are not at an end when another is asked for: one after the other. */
let last: Promise<unknown> = Promise.resolve();

/** Foretells what a GPU needs, in a worker of its own. */
export const planningService: PlanningService = {
  plan: (sizes) => {
    const next = last.then(() => answer(() => plan(sizes)));
    last = next;
    return next;
  },
};
