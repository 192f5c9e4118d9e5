import { expect, it } from 'vitest';
import { NO_EVENT_FILTERS } from '../src/data/filters.ts';
import { filesOfWords } from './data.ts';
import { filtersOf } from './filters.ts';

it('filters are said by their names; days are whole ones', () => {
  expect(filtersOf(['core=5', 'coreOf=source', 'repeats=first', 'from=2013-01-01', 'until=2013-01-01'], '--filter')).toEqual({
    ...NO_EVENT_FILTERS,
    core: 5,
    coreOf: 'source',
    repeats: 'first',
    from: Date.UTC(2013, 0, 1),
    until: Date.UTC(2013, 0, 2) - 1,
  });
});

it.each([
  ['cores=5', /“cores” is none of "from", /],
  ['core=0', /--filter core=0: “0” is no whole number from 1 on/],
  ['core=many', /no whole number/],
  ['repeats=none', /“none” is none of "keep", /],
  ['from=yesterday', /no day such as/],
])('%s is told in a sentence', (word, sentence) => {
  expect(() => filtersOf([word], '--filter')).toThrow(sentence);
});

it('filters need files', () => {
  const say = () => '--filter';
  expect(() => filesOfWords({ filter: ['core=5'] }, say)).toThrow(/--filter needs files of interactions/);
  expect(filesOfWords({ filter: ['core=5'], source: 'a', target: 'b' }, say).filters?.core).toBe(5);
  expect(filesOfWords({ source: 'a', target: 'b' }, say).filters).toBeNull();
});
