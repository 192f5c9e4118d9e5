import { expect, it } from 'vitest';
import { peakWords } from './peak.ts';

const course = (...values: [number, number][]) =>
  values.map(([value, loss], i) => ({ epoch: i + 1, validation: { value, error: 0.01 }, loss }));

it('says where a curve peaked, what it lost, and what the loss did', () => {
  expect(peakWords(course([0.2, 0.6], [0.3, 0.5], [0.28, 0.4]))).toBe(
    'peaked at epoch 2 (0.300 ± 0.010), fell by 0.020 until the end (epoch 3), while the training loss went from 0.500 to 0.400.',
  );
});

it('does not make much of a fall within the noise', () => {
  expect(peakWords(course([0.3, 0.5], [0.295, 0.4]))).toContain(
    'fell by 0.005 until the end (epoch 2), less than one standard error',
  );
});

it('says that a curve was highest at its end, and nothing of a single epoch', () => {
  expect(peakWords(course([0.2, 0.6], [0.3, 0.5]))).toBe(
    'highest at its last epoch, 2 (0.300 ± 0.010): it may not have been done.',
  );
  expect(peakWords(course([0.2, 0.6]))).toBeNull();
});
