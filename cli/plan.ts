import { parseArgs } from 'node:util';
import { planCases } from '../src/engine/planner/cases.ts';
import { plan } from '../src/engine/planner/plan.ts';

const USAGE = `npm run plan -- [--json] [--cases uaf-soft/coldrec-1,…]

What one training step asks of a GPU at the sizes of the paper's ColdRec-1 and -2: dispatches, gigabytes touched, peak gigabytes.
The real step code runs on a device that only counts.`;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, cases: { type: 'string' }, help: { type: 'boolean', default: false } },
});

if (values.help) {
  console.log(USAGE);
} else {
  const chosen = values.cases?.split(',');
  const rows = [];
  for (const [name, sizes] of planCases()) {
    if (chosen !== undefined && !chosen.includes(name)) continue;
    const { dispatches, bytesTouched, peakBytes } = await plan(sizes);
    const row = { case: name, dispatches, gigabytesTouched: bytesTouched / 1e9, peakGigabytes: peakBytes / 1e9 };
    rows.push(row);
    if (!values.json) {
      const figures = [
        `${dispatches} dispatches`,
        `${row.gigabytesTouched.toFixed(2)} GB touched`,
        `${row.peakGigabytes.toFixed(2)} GB at most`,
      ];
      console.log(`${name.padEnd(36)}${figures.map((figure) => figure.padStart(20)).join('')}`);
    }
  }
  if (values.json) console.log(JSON.stringify(rows, null, 2));
}
