import { isFinished, type ResultRun } from '../run.ts';
import { variantsOf } from '../variants.ts';

/** What has to be known so that the numbers of some runs are not read for more than they are. */
export function reportNotes(runs: readonly ResultRun[]): string[] {
  const finished = runs.filter(isFinished);
  if (finished.length === 0) return ['No run finished: there are no results.'];
  const configurations = finished.map(({ report }) => report.configuration);
  const rankings = finished.filter(({ dataset }) => dataset.task === 'ranking');
  const profiles = finished.length > rankings.length;
  const variants = variantsOf(finished.map((run, place) => ({ run, place })));
  const isOnce = variants.some(({ method, runs: own }) => method !== 'most-popular' && own.length === 1);
  const some = (holds: boolean, ...sentences: readonly string[]) => (holds ? sentences : []);
  return [
    '± after a mean over seeds is the standard deviation between them: how much a result changes with another seed of training, on the same split. Of a single run it is the standard error over its test instances.',
    'Differences are tested over test instances and seeds together (crossed random effects; the instances of a user count as one, where users are known): p says how often methods that are equally good would differ at least so much, with other instances and other seeds of training. Of two or three seeds the chance of training is judged roughly.',
    ...some(
      isOnce,
      'Of methods that ran with one seed p is of the test instances alone. It knows nothing of the chance of training: another seed may turn a difference round.',
    ),
    'Many comparisons at once find small p by chance alone; Holm’s correction, where it is said to be made, is against that.',
    ...some(
      rankings.length > 0,
      'With candidates, a target is ranked among itself and others that are drawn at random: that is easier than among all items, and the order of methods may be another one there.',
    ),
    ...some(profiles, 'Accuracy depends on how frequent the classes are: compare it with always guessing the largest.'),
    ...some(
      configurations.some(({ dataset }) => dataset.split === 'random') && rankings.length > 0,
      'A random split trains on some interactions that are later than tested ones: it measures how well gaps are filled, not how well the future is foretold.',
    ),
    ...some(
      configurations.some(({ fineTuning }) => fineTuning.selectOn === 'test'),
      'Warning: some runs choose their best epoch on the test instances. Their results are too good, and not comparable with the others.',
    ),
    ...some(
      new Set(runs.map(({ dataset }) => dataset.hash)).size > 1,
      'Numbers of different data are not comparable with each other, and none is comparable with a published one unless the data are the same.',
    ),
    ...some(
      new Set(runs.map(({ environment }) => `${environment.backend} ${environment.variant}`)).size > 1,
      'Runs are of several backends or kernels: these add up in another order, so that equal seeds do not give equal numbers.',
    ),
  ];
}
