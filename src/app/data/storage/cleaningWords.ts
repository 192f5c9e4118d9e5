import type { CleaningChoice } from '../../../storage/cleaning.ts';

/** What is removed, and what is no longer possible after it. */
export const CLEANING_WORDS: Record<CleaningChoice, { readonly label: string; readonly after: string }> = {
  orphans: {
    label: 'What was left behind by closed tabs',
    after: 'Nothing is missed: it belongs to no dataset and no run. What is younger than ten minutes stays.',
  },
  checkpoints: {
    label: 'Checkpoints of runs that ended',
    after: 'A run that was interrupted starts from the beginning when it is run again.',
  },
  failedRuns: {
    label: 'Runs that failed or were stopped',
    after: 'They are gone, with their epochs and the reason why they failed.',
  },
  policies: {
    label: 'Policies of all epochs but the best',
    after: 'The Policies page shows finished runs at their best epoch alone: nothing can be replayed.',
  },
  pretrained: {
    label: 'Pre-trained models',
    after: 'The next run with the same settings pre-trains anew. Models that runs in the queue wait for stay.',
  },
  models: {
    label: 'Models of finished runs',
    after:
      'No look at one user, no what-ifs, and no lists, vectors or model files of these runs: they would have to be run again.',
  },
  ranks: {
    label: 'Ranks of finished runs',
    after: 'No significance tests between these runs, and no policies of the best epoch beside them. Means and errors stay.',
  },
  datasets: {
    label: 'Datasets without runs',
    after: 'Their files have to be imported again to train on them. The dataset in use stays.',
  },
};
