import { splitHash } from '../shared/hashLocation.ts';

/** One stop of the tour. */
export interface TourStep {
  readonly path: string;
  readonly title: string;
  readonly words: string;
  /** What it points at, once that is there; a step without it, or whose target never comes, stands in the corner. */
  readonly target?: () => Element | null;
  /** Where the card stands beside its target, if there is room. The corner is for what is too large to stand beside. */
  readonly side?: 'left' | 'right' | 'bottom' | 'corner';
}

/** What there is to be shown in this browser. */
export interface Visit {
  /** A finished run whose policies can be looked at; null while there is none. */
  readonly runWithPolicies: number | null;
  /** Whether the dataset in use is one that the Train page has a demo of. */
  readonly hasDemo: boolean;
}

type Find = (page: Element) => Element | null;

/** On one of the pages alone: another page may have the same button, and is there until the next one is drawn. */
const onPage = (path: string, find: Find) => (): Element | null => {
  const page = document.querySelector(`main [data-page="${splitHash(path).path}"]`);
  return page === null ? null : find(page);
};

const element =
  (selector: string): Find =>
  (page) =>
    page.querySelector(selector);
const region = (label: string): Find => element(`section[aria-label*="${label}"]`);
const button =
  (name: string): Find =>
  (page) =>
    Array.from(page.querySelectorAll('button')).find(({ textContent }) => textContent?.trim().startsWith(name)) ?? null;

/** The first table, or what it scrolls in. */
const table: Find = (page) => {
  const found = page.querySelector('table');
  return found?.closest('[role="group"]') ?? found;
};

const IMPORT = button('Import');

/** The button that opens the import: the tour ends at it, and presses it. */
export const importButton = onPage('/data', IMPORT);

/** The tour, in the order of a first visit. There are always as many steps, so that it can go on while a run finishes. */
export function tourSteps({ runWithPolicies, hasDemo }: Visit): TourStep[] {
  const there = runWithPolicies !== null;
  const policies = there ? `/policies?run=${runWithPolicies}` : '/policies';
  const steps: (Omit<TourStep, 'target'> & { readonly find?: Find })[] = [
    {
      path: '/data',
      title: 'Data',
      words:
        'A dataset joins two domains of the same users: a source with much to learn from, and a target with little. The demo is simulated: two kinds of users, and what they want is planted.',
      find: region('Dataset'),
      side: 'bottom',
    },
    hasDemo
      ? {
          path: '/train',
          title: 'Train',
          words:
            '“Run the demo” pre-trains on the source domain once, then fine-tunes alike for everybody, and with a policy for each user. It takes under a minute; you can press it now, the tour waits.',
          find: button('Run the demo'),
          side: 'left',
        }
      : {
          path: '/train',
          title: 'Train',
          words:
            'A run pre-trains on the source domain once, then fine-tunes with the method that you choose. UAF methods make a policy for each user. There is a demo for the dataset “Demo: hidden kinds”: choose it at the top.',
          find: region('New runs'),
          side: 'right',
        },
    {
      path: '/train',
      title: 'Or choose yourself',
      words: 'Methods, a preset and every parameter, with a line of help each. Several runs stand in a queue.',
      find: region('New runs'),
      side: 'right',
    },
    {
      path: '/compare',
      title: 'Compare',
      words:
        'Every run with its test results, curves over each other, and whether a difference is more than chance. Numbers come with N and a standard error.',
      find: table,
      side: 'bottom',
    },
    {
      path: policies,
      title: 'Policies',
      words: there
        ? 'Which blocks were re-learned, and for whom: dark is frozen, yellow fine-tuned. First the share of users by block; below it all users by blocks, epoch by epoch, and of simulated users “Show the planted truth”.'
        : 'When a run of a UAF method has finished, this page shows which blocks were re-learned, and for whom: dark is frozen, yellow fine-tuned.',
      find: there ? region('Fig. 3') : undefined,
      side: 'bottom',
    },
    {
      path: policies,
      title: 'Does the policy matter?',
      words: there
        ? 'The test of “per user”: everybody gets somebody else’s policy, and the test users are ranked again. If the results fall, the policies are about the users.'
        : 'There, too, is the test of “per user”: everybody gets somebody else’s policy. If the results fall, the policies are about the users.',
      find: there ? region('Does the policy matter') : undefined,
      side: 'bottom',
    },
    {
      path: there ? `/user?run=${runWithPolicies}` : policies,
      title: 'One user',
      words: there
        ? 'One user of the run: their gates, what is recommended to them, and what would be if one decided otherwise. Gates flip on a click.'
        : 'From there one gets to a single user: their sequence, their gates, what is recommended, and what would be if one decided otherwise. Train a UAF method first.',
      find: there ? element('.user-columns') : undefined,
      side: 'corner',
    },
    {
      path: '/learn',
      title: 'Learn',
      words: 'The ideas behind it, with figures to touch: flip a gate, move a dilation, slide the temperature.',
      find: region('Three users, three policies'),
      side: 'corner',
    },
    {
      path: '/learn',
      title: 'Every word is explained',
      words:
        'Words underlined with dots explain themselves wherever they stand; here are all of them. Press ? anywhere for the keyboard.',
      find: element('#section-glossary input'),
      side: 'corner',
    },
    {
      path: '/data',
      title: 'Now with your data',
      words: 'Two files of users and items, one for each domain. They are read in this browser and go nowhere else.',
      find: IMPORT,
      side: 'bottom',
    },
  ];
  return steps.map(({ find, ...step }) => (find === undefined ? step : { ...step, target: onPage(step.path, find) }));
}

/** How many there are. */
export const TOUR_STEPS = tourSteps({ runWithPolicies: null, hasDemo: true }).length;
