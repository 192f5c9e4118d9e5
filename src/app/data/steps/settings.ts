import type { PreparationSettings, TargetTask } from '../../../data/dataset.ts';
import { type EventFilters, NO_EVENT_FILTERS, withFilters } from '../../../data/filters.ts';

/** What is set in the filters' fields. */
export interface FilterDraft extends EventFilters {
  readonly minimumTargetItemCount: number;
  readonly maximumTargetsPerUser: number;
}

export const NOTHING_FILTERED: FilterDraft = { ...NO_EVENT_FILTERS, minimumTargetItemCount: 1, maximumTargetsPerUser: 0 };

/** The settings of the preparation that a draft stands for. Of labels nothing is filtered, whatever the fields said of other files. */
export function settingsOf(
  { minimumTargetItemCount, maximumTargetsPerUser, ...filters }: FilterDraft,
  task: TargetTask,
): PreparationSettings {
  return task === 'profile'
    ? withFilters(
        { minimumTargetItemCount: 1, maximumTargetsPerUser: 0 },
        { ...filters, coreOf: 'source', minimumTargetsPerUser: 1 },
      )
    : withFilters({ minimumTargetItemCount, maximumTargetsPerUser }, filters);
}
