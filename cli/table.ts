import { headlines, type Metrics, metricOf, type Protocol } from '../src/engine/evaluation/metrics.ts';
import { holm, overSeeds } from '../src/engine/evaluation/significance.ts';
import type { DatasetReport, RunReport, TestReport } from '../src/engine/training/report.ts';
import { labelsOf } from './labels.ts';

/** One column of results. */
interface ResultColumn {
  readonly title: string;
  readonly metric: string;
  readonly protocol: Protocol;
}

function columnsFor(metrics: Metrics): readonly ResultColumn[] {
  const [first, second] = headlines(metrics);
  const both = (protocol: Protocol, suffix: string) =>
    [first, second].map((metric) => ({ title: `${metric}${suffix}`, metric, protocol }));
  return first === 'accuracy' ? both('sampled', '') : [...both('sampled', ''), ...both('all', ' all')];
}

/** The results as a table for the terminal; ± is one standard error over the test instances. */
export function tableOf(runs: readonly RunReport[], tests: readonly TestReport[], dataset: DatasetReport): string {
  const measured = runs.find(({ test }) => test !== null)?.test ?? null;
  const columns = measured === null ? [] : columnsFor(measured);
  const heads = ['method', 'seed', ...columns.map(({ title }) => title), 'best epoch', 'fine-tuned', 'policies'];
  const labels = labelsOf(runs);
  const rows = runs.map((run, i) => [labels[i], String(run.seed), ...(run.test === null ? ['failed'] : cells(run, columns))]);
  const [head, ...body] = aligned([heads, ...rows]);
  const protocols =
    dataset.task === 'profile'
      ? `of ${dataset.candidates} classes`
      : `among ${dataset.candidates} candidates, and among all items`;
  const note = `N = ${(measured?.n ?? 0).toLocaleString('en')} test instances; ${protocols}; ± one standard error; “policies”: distinct ones.`;
  return ['', head, '-'.repeat(head.length), ...body, '', ...means(runs, labels, columns), note, ...significance(tests)].join(
    '\n',
  );
}

function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0].map((_, c) => Math.max(...lines.map((line) => (line[c] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, c) => cell.padEnd(widths[c]))
      .join('  ')
      .trimEnd(),
  );
}

function cells({ test, bestEpoch, policy }: RunReport, columns: readonly ResultColumn[]): string[] {
  const values = columns.map(({ metric, protocol }) => {
    const measured = test && metricOf(test, metric, protocol);
    return measured ? `${measured.value.toFixed(3)} ± ${measured.error.toFixed(3)}` : '–';
  });
  return [
    ...values,
    bestEpoch === 0 ? '–' : String(bestEpoch),
    policy === null ? '–' : policy.utilisation.map((u) => u.toFixed(2)).join(' '),
    policy === null ? '–' : `${policy.distinct}${policy.collapsed ? ' (collapsed)' : ''}`,
  ];
}

/** Mean ± standard deviation over seeds, for methods that ran with several. */
function means(runs: readonly RunReport[], labels: readonly string[], columns: readonly ResultColumn[]): string[] {
  return Array.from(new Set(labels)).flatMap((label) => {
    const tests = runs.filter((_, i) => labels[i] === label).flatMap(({ test }) => (test === null ? [] : [test]));
    if (tests.length < 2) return [];
    const over = columns.slice(0, 2).map(({ metric, protocol }) => {
      const { value, deviation } = overSeeds(tests.map((test) => metricOf(test, metric, protocol)?.value ?? Number.NaN));
      return `${metric} ${value.toFixed(3)} ± ${deviation.toFixed(3)}`;
    });
    return [`${label}: ${over.join(', ')} (mean ± sd over ${tests.length} seeds)`];
  });
}

/** How all methods differ, by the test that knows the chance of the instances and that of training. */
function significance(tests: readonly TestReport[]): string[] {
  // All of them are in report.json; two metrics of many methods would fill screens.
  const shown = tests.filter(({ metric, over }) => metric === tests[0].metric && over === 'both');
  if (shown.length === 0) return [];
  const corrected = holm(shown.map(({ p }) => p));
  const lines = shown.map(({ first, second, metric, effect, standardError, n, users, seeds = 1 }, i) => [
    `${first} − ${second}`,
    metric,
    `${effect >= 0 ? '+' : ''}${effect.toFixed(3)} ± ${standardError.toFixed(3)}`,
    pWords(corrected[i]),
    `N = ${n.toLocaleString('en')} test instances${users ? ` of ${users.toLocaleString('en')} users` : ''}, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`,
  ]);
  return [
    '',
    'Paired tests over test instances and seeds together. ± one standard error; two-sided p after Holm’s correction',
    `over ${shown.length === 1 ? 'one pair' : `${shown.length} pairs`}. Other metrics, and tests over instances or seeds alone, are in report.json, uncorrected.`,
    ...(shown.some(({ seeds }) => seeds === 1)
      ? ['With one seed p is of the chance of the test instances alone: what another training would change is not known.']
      : []),
    ...aligned(lines),
  ];
}

const pWords = (p: number | null): string => (p === null ? 'no spread' : p < 0.001 ? 'p < .001' : `p = ${p.toFixed(3)}`);
