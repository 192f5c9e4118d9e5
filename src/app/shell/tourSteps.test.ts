import { expect, it } from 'vitest';
import { PAGES } from './pages.ts';
import { TOUR_STEPS, tourSteps } from './tourSteps.ts';

const NOTHING = { runWithPolicies: null, hasDemo: true };

it('the tour visits every page in order, and ends at the import', () => {
  const visited = Array.from(new Set(tourSteps(NOTHING).map(({ path }) => path)));
  expect(visited).toEqual(PAGES.map(({ path }) => path));
  expect(tourSteps(NOTHING).at(-1)).toMatchObject({ path: '/data', title: 'Now with your data' });
});

it('with a run that has policies it shows them, without one it says what will be there', () => {
  const [without, there] = [tourSteps(NOTHING), tourSteps({ ...NOTHING, runWithPolicies: 7 })];
  expect(there.map(({ title }) => title)).toEqual(without.map(({ title }) => title));
  const changed = there.filter(({ words }, i) => words !== without[i].words);
  expect(changed.map(({ title }) => title)).toEqual(['Policies', 'Does the policy matter?', 'One user']);
  expect(changed.map(({ path }) => path)).toEqual(['/policies?run=7', '/policies?run=7', '/user?run=7']);
});

it('speaks of pressing “Run the demo” only where that button is', () => {
  const offers = (hasDemo: boolean) =>
    tourSteps({ ...NOTHING, hasDemo })
      .filter(({ words }) => words.includes('you can press it now'))
      .map(({ title }) => title);
  expect(offers(true)).toEqual(['Train']);
  expect(offers(false)).toEqual([]);
  expect(tourSteps({ ...NOTHING, hasDemo: false })).toHaveLength(TOUR_STEPS);
});
