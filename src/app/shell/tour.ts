import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import { navigate } from '../shared/hashLocation.ts';
import { runsToLookAt } from '../shared/trials.ts';
import { importButton, type TourStep, tourSteps } from './tourSteps.ts';

/** Milliseconds in which a page has to show what a step points at; after that the step stands in the middle. */
const PATIENCE = 1500;

/** Leads through the pages, from whatever page one is on. It ends at its last step, by Escape, or by its cross. */
export async function startTour(): Promise<void> {
  usePreferences.getState().seeTour();
  const [{ driver }, runWithPolicies] = await Promise.all([import('./driver.ts'), newestRunWithPolicies()]);
  let steps = tourSteps(runWithPolicies);
  const driven = (all: readonly TourStep[]) =>
    all.map(({ title, words, target }) => ({
      // driver.js looks for the element again until it is there; none at all is a step in the middle.
      element: target === undefined ? undefined : (target as () => Element),
      popover: { title, description: words },
    }));
  const show = async (index: number) => {
    // The demo may have finished since.
    steps = tourSteps(await newestRunWithPolicies());
    tour.getConfig().steps?.splice(0, steps.length, ...driven(steps));
    navigate(steps[index].path);
    tour.moveTo(index);
  };
  const tour = driver({
    steps: driven(steps),
    popoverClass: 'tour',
    showProgress: true,
    animate: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    duration: 150,
    overlayOpacity: 0.5,
    stagePadding: 4,
    waitForElement: PATIENCE,
    doneBtnText: 'Open the import',
    onPopoverRender: ({ nextButton }) => {
      // driver.js gives the focus to the cross, after this.
      queueMicrotask(() => nextButton.focus());
    },
    onNextClick: () => show((tour.getActiveIndex() ?? -1) + 1),
    onPrevClick: () => show((tour.getActiveIndex() ?? 1) - 1),
    onDoneClick: () => {
      tour.destroy();
      const opener = importButton();
      if (opener instanceof HTMLElement) opener.click();
    },
  });
  navigate(steps[0].path);
  tour.drive();
}

/** The newest run whose policies can be looked at, or null. */
const newestRunWithPolicies = async (): Promise<number | null> => runsToLookAt(await database.runs.toArray()).at(-1)?.id ?? null;
