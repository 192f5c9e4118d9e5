import { liveQuery } from 'dexie';
import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import { navigate } from '../shared/hashLocation.ts';
import { runsToLookAt } from '../shared/trials.ts';
import { scenarioOf } from '../train/demo.ts';
import { importButton, type TourStep, tourSteps, type Visit } from './tourSteps.ts';

/** Milliseconds in which a page has to show what a step points at; after that the card stays in the corner. */
const PATIENCE = 3000;

/**
 * Leads through the pages, from whatever page one is on. It ends at its last step, by Escape, or by its cross. A card changes at
 * once and then moves to what it points at: nobody waits for a page, and each press of Next counts.
 */
export async function startTour(): Promise<void> {
  usePreferences.getState().seeTour();
  const [{ driver }, visit] = await Promise.all([import('./driver.ts'), lookAround()]);
  let steps = tourSteps(visit);
  let at = 0;
  let looking = 0;
  /** Until then the page follows what is pointed at; whoever scrolls looks at something else. */
  let followed = 0;
  const letGo = () => {
    followed = 0;
  };
  // A page grows while it is drawn, and pushes down what is pointed at.
  const growing = new ResizeObserver(() => {
    const target = tour.getActiveElement();
    if (target === undefined || steps[at].target === undefined) return;
    if (performance.now() < followed) bringIntoSight(target);
    tour.refresh();
  });
  const tour = driver({
    steps: driven(steps),
    showProgress: true,
    animate: false,
    // Its own ignores keys while it draws, and lets the page hear them, too.
    allowKeyboardControl: false,
    overlayOpacity: 0.5,
    stagePadding: 4,
    doneBtnText: 'Open the import',
    onPopoverRender: ({ nextButton }) => {
      // driver.js gives the focus to the cross, after this.
      queueMicrotask(() => nextButton.focus());
    },
    onNextClick: () => show(at + 1),
    onPrevClick: () => show(at - 1),
    onDoneClick: () => {
      tour.destroy();
      const opener = importButton();
      if (opener instanceof HTMLElement) opener.click();
    },
    onDestroyed: () => {
      cancelAnimationFrame(looking);
      growing.disconnect();
      visiting.unsubscribe();
      removeEventListener('keydown', press, true);
      for (const scrolling of ['wheel', 'touchmove']) removeEventListener(scrolling, letGo);
    },
  });
  const show = (index: number) => {
    cancelAnimationFrame(looking);
    at = Math.min(steps.length - 1, Math.max(0, index));
    tour.getConfig().steps?.splice(0, steps.length, ...driven(steps));
    navigate(steps[at].path);
    const { target } = steps[at];
    const until = performance.now() + PATIENCE;
    followed = until;
    const look = () => {
      const found = target?.() ?? null;
      if (found !== null) {
        bringIntoSight(found);
        tour.moveTo(at);
      } else if (target !== undefined && performance.now() < until) looking = requestAnimationFrame(look);
    };
    tour.moveTo(at);
    look();
  };
  const press = (event: KeyboardEvent) => {
    const { key, target } = event;
    // In a field or a slider that the tour points at, arrows are its own.
    const isOurs = target === document.body || (target instanceof Element && target.closest('.tour') !== null);
    if (key === 'Escape') tour.destroy();
    else if (isOurs && key === 'ArrowRight') show(at + 1);
    else if (isOurs && key === 'ArrowLeft') show(at - 1);
    else return;
    event.stopPropagation();
  };
  // The demo may finish while the tour goes on.
  const visiting = liveQuery(lookAround).subscribe((now) => {
    steps = tourSteps(now);
  });
  const main = document.querySelector('main');
  if (main !== null) growing.observe(main);
  addEventListener('keydown', press, true);
  for (const scrolling of ['wheel', 'touchmove']) addEventListener(scrolling, letGo, { passive: true });
  tour.drive();
  show(0);
}

const driven = (steps: readonly TourStep[]) =>
  steps.map(({ title, words, target, side = 'corner' }) => ({
    // driver.js takes none at all as a card without a target.
    element: target === undefined ? undefined : (target as () => Element),
    popover: {
      title,
      description: words,
      popoverClass: 'tour',
      ...(side === 'corner' ? { popoverClass: 'tour tour-corner' } : { side, align: 'start' as const }),
    },
  }));

async function lookAround(): Promise<Visit> {
  const { datasetId } = usePreferences.getState();
  const dataset = datasetId === null ? undefined : await database.datasets.get(datasetId);
  return {
    runWithPolicies: runsToLookAt(await database.runs.toArray()).at(-1)?.id ?? null,
    hasDemo: dataset !== undefined && scenarioOf(dataset) !== null,
  };
}

/** Below the header, with room for the card under it; what is there already stays where it is. */
function bringIntoSight(target: Element): void {
  const { top, bottom } = target.getBoundingClientRect();
  if (top < HEADER || bottom > innerHeight - CARD) target.scrollIntoView({ block: 'start' });
}

/** Pixels: of the studio's header, and of a card with its distance. */
const HEADER = 56;
const CARD = 240;
