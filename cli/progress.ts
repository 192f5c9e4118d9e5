import { headlines, metricOf } from '../src/engine/evaluation/metrics.ts';
import type { Observer } from '../src/engine/training/observer.ts';

/** Milliseconds after which a signal, such as Ctrl-C, is heard at the latest. */
const DEAF = 50;

function turns(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < DEAF) return;
    await new Promise((resolve) => setImmediate(resolve));
    last = performance.now();
  };
}

/**
 * Shows a run on the terminal: a line that keeps changing where there is one to write to, else a line an epoch.
 *
 * @param selectOn which instances the metrics of an epoch are of
 */
export function progressOf(id: string, selectOn: 'validation' | 'test' = 'validation'): Observer {
  const live = process.stderr.isTTY;
  const write = (text: string) => process.stderr.write(live ? `\r\u001b[K${text}` : `${text}\n`);
  return {
    now: () => performance.now(),
    turn: turns(),
    progress: ({ stage, epoch, epochs, step, steps, loss }) => {
      if (live) write(`${id}  ${stage}  epoch ${epoch}/${epochs}  step ${step}/${steps}  loss ${loss.toFixed(4)}`);
    },
    pretrainingEpoch: async ({ epoch, loss }) => {
      if (!live) write(`${id}  pretraining  epoch ${epoch}  loss ${loss.toFixed(4)}`);
    },
    pretrainingReused: async () => {},
    fineTuningEpoch: async ({ epoch, trainLoss, validation, policy }) => {
      const [first, second] = headlines(validation).map((name) => {
        return `${name} ${metricOf(validation, name, 'sampled')?.value.toFixed(3)}`;
      });
      const share = policy === null ? '' : `  fine-tuned ${policy.utilisation.map((u) => u.toFixed(2)).join(' ')}`;
      write(
        `${id}  fine-tuning  epoch ${epoch}  loss ${trainLoss.toFixed(4)}  ${selectOn} ${first} ${second}${share}${live ? '\n' : ''}`,
      );
    },
  };
}
