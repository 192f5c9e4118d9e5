import { describeMethod } from '../../configuration/methods.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import type { Of } from './curves.ts';
import type { MatrixFigure } from './figure.ts';
import type { SeedGroup } from './groups.ts';

const hasPolicy = ({ runs }: SeedGroup): boolean => runs.every(({ report }) => report.policy !== null);

/** Mean over the seeds of each block's share. */
function utilisation({ runs }: SeedGroup): number[] {
  const shares = runs.flatMap(({ report }) => (report.policy === null ? [] : [report.policy.utilisation]));
  return (shares[0] ?? []).map((_, block) => overSeeds(shares.map((share) => share[block])).value);
}

function matrix(id: string, title: string, rowTitle: string, rows: readonly { label: string; group: SeedGroup }[]): MatrixFigure {
  const values = rows.map(({ label, group }) => ({ label, values: utilisation(group) }));
  const blocks = Math.max(...values.map((row) => row.values.length));
  const seeds = Array.from(new Set(rows.map(({ group }) => group.runs.length))).sort((a, b) => a - b);
  const isSoft = rows.some(({ group }) => describeMethod(group.method).policy === 'soft');
  return {
    kind: 'matrix',
    id,
    title,
    rows: values,
    columns: Array.from({ length: blocks }, (_, block) => String(block + 1)),
    rowTitle,
    columnTitle: 'block',
    ends: ['frozen', 'fine-tuned'],
    notes: [
      'Share of the users of the test instances on the fine-tuned block, at the best epoch.',
      ...(isSoft ? ['Of UAF-Soft the mean gate.'] : []),
      `Means over ${seeds.length === 1 ? seeds[0] : `${seeds[0]} to ${seeds[seeds.length - 1]}`} seed${seeds.length === 1 && seeds[0] === 1 ? '' : 's'}.`,
    ],
  };
}

/** Fig. 3 for one dataset: methods × blocks. */
export function methodShares(groups: readonly SeedGroup[], { id, name }: Of): MatrixFigure[] {
  const rows = groups.filter(hasPolicy).map((group) => ({ label: group.label, group }));
  if (rows.length === 0) return [];
  return [matrix(`${id}-shares`, `Fig. 3, ${name}: share of users on the fine-tuned block`, 'method', rows)];
}

/** Fig. 3 as the paper has it: datasets × blocks, a figure for each method that has policies on several. */
export function datasetShares(datasets: readonly { readonly of: Of; readonly groups: readonly SeedGroup[] }[]): MatrixFigure[] {
  const known = datasets.map(({ of, groups }) => ({ of, groups: groups.filter(hasPolicy) }));
  const methods = Array.from(new Set(known.flatMap(({ groups }) => groups.map(({ method }) => method))));
  return methods.flatMap((method) => {
    const own = known.map(({ of, groups }) => ({ of, groups: groups.filter((group) => group.method === method) }));
    if (own.filter(({ groups }) => groups.length > 0).length < 2) return [];
    const rows = own.flatMap(({ of: { name }, groups }) =>
      groups.map((group) => ({ label: groups.length === 1 ? name : `${name}: ${group.label}`, group })),
    );
    const { label } = describeMethod(method);
    return [matrix(`shares-${method}`, `Fig. 3, ${label}: share of users on the fine-tuned block`, 'dataset', rows)];
  });
}
