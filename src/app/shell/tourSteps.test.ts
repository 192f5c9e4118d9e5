import { expect, it } from 'vitest';
import { PAGES } from './pages.ts';
import { tourSteps } from './tourSteps.ts';

it('the tour visits every page in order, and ends at the import', () => {
  const visited = Array.from(new Set(tourSteps(null).map(({ path }) => path)));
  expect(visited).toEqual(PAGES.map(({ path }) => path));
  expect(tourSteps(null).at(-1)).toMatchObject({ path: '/data', title: 'Now with your data' });
});

it('with a run that has policies it shows them, without one it says what will be there', () => {
  const [without, there] = [tourSteps(null), tourSteps(7)];
  expect(there.map(({ title }) => title)).toEqual(without.map(({ title }) => title));
  const changed = there.filter(({ words }, i) => words !== without[i].words);
  expect(changed.map(({ title }) => title)).toEqual(['Policies', 'One user']);
  expect(changed.map(({ path }) => path)).toEqual(['/policies?run=7', '/user?run=7']);
});
