import type { RunReport } from '../src/engine/training/report.ts';

const COLUMNS = ['method', 'seed', 'HR@5', 'MRR@5', 'HR@5 all', 'MRR@5 all', 'best epoch', 'fine-tuned', 'policies'] as const;

/** The results as a table for the terminal; ± is one standard error over the test instances. */
export function tableOf(runs: readonly RunReport[], candidates: number): string {
  const rows = runs.map((run) => (run.test === null ? [run.method, String(run.seed), 'failed'] : cells(run)));
  const lines = [COLUMNS as readonly string[], ...rows];
  const widths = COLUMNS.map((_, c) => Math.max(...lines.map((line) => (line[c] ?? '').length)));
  const text = lines.map((line) =>
    line
      .map((cell, c) => cell.padEnd(widths[c]))
      .join('  ')
      .trimEnd(),
  );
  const n = runs.find((run) => run.test !== null)?.test?.n ?? 0;
  const note = `N = ${n.toLocaleString('en')} test instances; among ${candidates} candidates, and among all items; ± one standard error; “policies”: distinct ones.`;
  return ['', text[0], '-'.repeat(text[0].length), ...text.slice(1), '', ...means(runs), note].join('\n');
}

function cells({ method, seed, test, bestEpoch, policy }: RunReport): string[] {
  if (test === null) return [];
  const value = (protocol: 'sampled' | 'all', metric: string) =>
    `${test[protocol][metric].toFixed(3)} ± ${test.standardError[protocol][metric].toFixed(3)}`;
  return [
    method,
    String(seed),
    value('sampled', 'HR@5'),
    value('sampled', 'MRR@5'),
    value('all', 'HR@5'),
    value('all', 'MRR@5'),
    bestEpoch === 0 ? '–' : String(bestEpoch),
    policy === null ? '–' : policy.utilisation.map((u) => u.toFixed(2)).join(' '),
    policy === null ? '–' : `${policy.distinct}${policy.collapsed ? ' (collapsed)' : ''}`,
  ];
}

/** Mean ± standard deviation over seeds, for methods that ran with several. */
function means(runs: readonly RunReport[]): string[] {
  const methods = Array.from(new Set(runs.map(({ method }) => method)));
  return methods.flatMap((method) => {
    const tests = runs.filter((run) => run.method === method).flatMap(({ test }) => (test === null ? [] : [test]));
    if (tests.length < 2) return [];
    const over = (metric: string) => {
      const values = tests.map(({ sampled }) => sampled[metric]);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      return `${mean.toFixed(3)} ± ${Math.sqrt(variance).toFixed(3)}`;
    };
    return [`${method}: HR@5 ${over('HR@5')}, MRR@5 ${over('MRR@5')} (mean ± sd over ${tests.length} seeds)`];
  });
}
