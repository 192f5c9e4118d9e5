import { expect, it } from 'vitest';
import { runRow } from '../testing.ts';
import { keyAxes, measureAxes, metricAxes, scatterSeries, variedAxis } from './points.ts';

const axis = (id: string) => {
  const found = [...keyAxes, ...measureAxes, ...metricAxes(['HR@5'], 'sampled')].find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no axis ${id}.`);
  return found;
};
const run = (id: number, method: string, seed: number, test: number) =>
  runRow({ id, changes: { method, seed, temperature: 4 }, test });

it('has a series a method; of several seeds the mean, with their deviation', () => {
  const points = [
    { key: 'a', label: 'A', runs: [run(1, 'uaf-hard', 1, 0.2), run(2, 'uaf-hard', 2, 0.4)] },
    { key: 'b', label: 'B', runs: [run(3, 'finetune-all', 1, 0.1)] },
  ];
  const [hard, all] = scatterSeries(points, axis('key:temperature'), axis('metric:HR@5'));
  expect(hard.points[0]).toMatchObject({ label: 'A', x: 4 });
  expect(hard.points[0].y).toBeCloseTo(0.3, 12);
  expect(hard.points[0].error).toBeCloseTo(Math.SQRT2 / 10, 12);
  expect(all.points[0]).toMatchObject({ y: 0.1, error: null });
  expect(hard.marker).not.toBe(all.marker);
});

it('draws across what was varied most within a method, not what methods differ in by themselves', () => {
  const of = (id: number, changes: Record<string, unknown>) => runRow({ id, changes });
  const plain = [of(1, { method: 'uaf-hard' }), of(2, { method: 'uaf-rl', 'fineTuning.batchSize': 7 })];
  expect(variedAxis(plain, keyAxes)).toBeNull();
  const varied = [3, 4, 5].map((id) => of(id, { method: 'uaf-hard', temperature: id, ...(id === 5 ? { channels: 4 } : {}) }));
  expect(variedAxis([...plain, ...varied], keyAxes)?.id).toBe('key:temperature');
});

it('leaves out what was not measured, and offers no key that is no number', () => {
  const points = [{ key: 'a', label: 'A', runs: [run(1, 'uaf-hard', 1, 0.2)] }];
  expect(scatterSeries(points, axis('measure:operations'), axis('metric:HR@5'))).toEqual([]);
  expect(keyAxes.map(({ id }) => id)).not.toContain('key:readout');
});
