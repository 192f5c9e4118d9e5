import { describeMethod } from '../../configuration/methods.ts';
import { distinct } from '../lists.ts';
import { nameOf } from '../variants.ts';
import type { Of } from './curves.ts';
import type { MatrixFigure } from './figure.ts';
import type { SeedGroup } from './groups.ts';

const hasPolicy = ({ runs }: SeedGroup): boolean => runs.every(({ report }) => report.policy !== null);

/** More rows make a figure too high. */
const MOST_ROWS = 24;

interface ShareRow {
  readonly label: string;
  readonly values: readonly number[];
}

interface Named {
  readonly name: string;
  /** What tells it from others of its name. */
  readonly difference: string;
  readonly group: SeedGroup;
}

/** A row a seed: runs may end with opposite policies, of which a mean would say nothing. The seed comes first: long names are cut. */
const rowsOf = ({ name, difference, group: { runs } }: Named): ShareRow[] =>
  runs.flatMap(({ report: { seed, policy } }) => {
    if (policy === null) return [];
    const own = runs.length === 1 ? name : `${name}, seed ${seed}`;
    return [{ label: difference === '' ? own : `${own} (${difference})`, values: policy.utilisation }];
  });

function matrices(id: string, title: string, rowTitle: string, named: readonly Named[]): MatrixFigure[] {
  const rows = named.flatMap(rowsOf);
  const blocks = Math.max(...rows.map(({ values }) => values.length));
  const isSoft = named.some(({ group }) => describeMethod(group.method).policy === 'soft');
  const seeds = distinct(named.flatMap(({ group }) => group.runs.map(({ report }) => report.seed))).sort((a, b) => a - b);
  const isOnce = named.every(({ group }) => group.runs.length === 1);
  const parts = Math.ceil(rows.length / MOST_ROWS);
  return Array.from({ length: parts }, (_, part) => ({
    kind: 'matrix',
    id: part === 0 ? id : `${id}-${part + 1}`,
    title: parts === 1 ? title : `${title} (${part + 1} of ${parts})`,
    rows: rows.slice(part * MOST_ROWS, (part + 1) * MOST_ROWS),
    columns: Array.from({ length: blocks }, (_block, block) => String(block + 1)),
    rowTitle,
    columnTitle: 'block',
    ends: ['frozen', 'fine-tuned'],
    notes: [
      'Share of the users of the test instances on the fine-tuned block, at the best epoch.',
      ...(isSoft ? ['Of UAF-Soft the mean gate.'] : []),
      isOnce
        ? `One run each (seed ${seeds.join(' or ')}).`
        : 'A row for each seed: another training may end with another policy.',
    ],
  }));
}

/** Fig. 3 for one dataset: methods × blocks. */
export function methodShares(groups: readonly SeedGroup[], { id, name }: Of): MatrixFigure[] {
  const rows = groups.filter(hasPolicy).map((group) => ({ name: nameOf(group), difference: group.difference, group }));
  if (rows.length === 0) return [];
  return matrices(`${id}-shares`, `Fig. 3, ${name}: share of users on the fine-tuned block`, 'method', rows);
}

/** Fig. 3 as the paper has it: datasets × blocks, a figure for each method that has policies on several. */
export function datasetShares(datasets: readonly { readonly of: Of; readonly groups: readonly SeedGroup[] }[]): MatrixFigure[] {
  const known = datasets.map(({ of, groups }) => ({ of, groups: groups.filter(hasPolicy) }));
  const methods = Array.from(new Set(known.flatMap(({ groups }) => groups.map(({ method }) => method))));
  return methods.flatMap((method) => {
    const own = known.map(({ of, groups }) => ({ of, groups: groups.filter((group) => group.method === method) }));
    if (own.filter(({ groups }) => groups.length > 0).length < 2) return [];
    const rows = own.flatMap(({ of: { name }, groups }) =>
      groups.map((group) => ({
        name: group.otherGates ? `${name}: ${nameOf(group)}` : name,
        difference: group.difference,
        group,
      })),
    );
    const { label } = describeMethod(method);
    return matrices(`shares-${method}`, `Fig. 3, ${label}: share of users on the fine-tuned block`, 'dataset', rows);
  });
}
