import { PAGES } from './pages.ts';

/** What stands at the top of each page. */
const HEADINGS = [...PAGES, { path: '/user', label: 'One user' }];

/** One stop of the tour. */
export interface TourStep {
  readonly path: string;
  readonly title: string;
  readonly words: string;
  /** What it points at, once that is there; a step without it, or whose target never comes, stands in the middle. */
  readonly target?: () => Element | null;
}

/** On one of the pages alone: another page may have the same button, and is there until the next one is drawn. */
const onPage = (path: string, find: () => Element | null) => (): Element | null => {
  const label = HEADINGS.find((page) => path.startsWith(page.path))?.label;
  return document.querySelector('main h1')?.textContent === label ? find() : null;
};

const region = (label: string) => () => document.querySelector(`main section[aria-label^="${label}"]`);
const button = (name: string) => () =>
  Array.from(document.querySelectorAll('main button')).find(({ textContent }) => textContent?.trim() === name) ?? null;

/** The button that opens the import: the tour ends at it, and presses it. */
export const importButton = button('Import files');

/**
 * The tour, in the order of a first visit.
 *
 * @param runWithPolicies a finished run whose policies can be looked at; null while there is none
 */
export function tourSteps(runWithPolicies: number | null): TourStep[] {
  const there = runWithPolicies !== null;
  const policies = there ? `/policies?run=${runWithPolicies}` : '/policies';
  const steps: TourStep[] = [
    {
      path: '/data',
      title: 'Data',
      words:
        'A dataset joins two domains of the same users: a source with much to learn from, and a target with little. The demo is simulated: two kinds of users, and what they want is planted.',
      target: region('Dataset'),
    },
    {
      path: '/train',
      title: 'Train',
      words:
        '“Run the demo” pre-trains on the source domain once, then fine-tunes alike for everybody, and with a policy for each user. It takes under a minute; you can press it now, the tour waits.',
      target: button('Run the demo'),
    },
    {
      path: '/train',
      title: 'Or choose yourself',
      words: 'Methods, a preset and every parameter, with a line of help each. Several runs stand in a queue.',
      target: region('New runs'),
    },
    {
      path: '/compare',
      title: 'Compare',
      words:
        'Every run with its test results, curves over each other, and whether a difference is more than chance. Numbers come with N and a standard error.',
    },
    {
      path: policies,
      title: 'Policies',
      words: there
        ? 'Which blocks were re-learned, and for whom: blue is frozen, yellow fine-tuned. First the share of users by block, below it all users by blocks.'
        : 'When a run of a UAF method has finished, this page shows which blocks were re-learned, and for whom: blue is frozen, yellow fine-tuned.',
      target: there ? region('Fig. 3') : undefined,
    },
    {
      path: there ? `/user?run=${runWithPolicies}` : policies,
      title: 'One user',
      words: there
        ? 'One user of the run: their sequence, their gates, what is recommended to them, and what would be if one decided otherwise. Gates flip on a click.'
        : 'From there one gets to a single user: their sequence, their gates, what is recommended, and what would be if one decided otherwise. Run the demo first.',
      target: there ? region('Gates') : undefined,
    },
    {
      path: '/learn',
      title: 'Learn',
      words: 'The ideas behind it, with figures to touch: flip a gate, move a dilation, slide the temperature.',
      target: region('Three users, three policies'),
    },
    {
      path: '/learn',
      title: 'Every word is explained',
      words:
        'Words underlined with dots explain themselves wherever they stand; here are all of them. Press ? anywhere for the keyboard.',
      target: region('Glossary'),
    },
    {
      path: '/data',
      title: 'Now with your data',
      words: 'Two files of users and items, one for each domain. They are read in this browser and go nowhere else.',
      target: importButton,
    },
  ];
  return steps.map((step) => (step.target === undefined ? step : { ...step, target: onPage(step.path, step.target) }));
}
