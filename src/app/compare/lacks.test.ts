import { expect, it } from 'vitest';
import { modelLack, usersLack } from './lacks.ts';
import { runRow } from './testing.ts';

const run = runRow({ id: 1 });

it('says the one reason why a model is not here', () => {
  const elsewhere = {
    environment: { studio: '1', platform: '', backend: 'wasm', adapter: '', softwareAdapter: false, variant: '' },
    experiment: null,
  };
  expect(modelLack(run, true)).toBeNull();
  expect(modelLack({ ...run, elsewhere }, false)).toContain('files of runs hold none');
  expect(modelLack({ ...run, error: { name: 'E', message: 'The disk is full.' } }, false)).toContain('The disk is full.');
  expect(modelLack(runRow({ id: 2, search: 's' }), false)).toContain('of a search');
  expect(modelLack(run, false)).toContain('earlier version');
});

it('needs the data, too, to say something about users', () => {
  expect(usersLack(run, true, true)).toBeNull();
  expect(usersLack(run, true, false)).toContain('import the files of its dataset');
  expect(usersLack(run, false, false)).toContain('earlier version');
});
