import type { DatasetReport } from '../../engine/training/report.ts';
import { COLD_REC, PROFILES, publishedName, SIZES } from '../published.ts';
import type { ResultRun } from '../run.ts';
import { text, whole } from './measured.ts';
import type { Column, Row, TableModel } from './table.ts';

/** Table 1 (and 6): the sizes of the datasets; below one that has a name of the paper's, the published ones. */
export function datasetsTable(runs: readonly ResultRun[], names: ReadonlyMap<string, string>): TableModel | null {
  const datasets = Array.from(new Map(runs.map(({ dataset }) => [dataset.hash, dataset])).values());
  if (datasets.length === 0) return null;
  const right = (title: string, group: string): Column => ({ title, group, align: 'right' });
  const isPublished = datasets.some(({ name }) => sizeOf(name) !== undefined);
  const hasProfiles = datasets.some(({ task }) => task === 'profile');
  return {
    id: 'table-1',
    title: 'Datasets (Table 1)',
    columns: [
      { title: 'Dataset', align: 'left' },
      right('users', 'Source'),
      right('items', 'Source'),
      right('interactions', 'Source'),
      right('users', 'Target'),
      right(hasProfiles ? 'items or classes' : 'items', 'Target'),
      right('instances', 'Target'),
      right('train', 'Split'),
      right('validation', 'Split'),
      right('test', 'Split'),
    ],
    rows: datasets.flatMap((dataset) => [ownRow(dataset, names.get(dataset.hash) ?? dataset.name), ...publishedRow(dataset)]),
    notes: [
      'As prepared: after the filters of the dataset, of users with a source sequence. The split is of the last run of it.',
      ...(isPublished ? ['Published sizes count what the paper calls instances; some are rounded to thousands there.'] : []),
    ],
  };
}

function ownRow(dataset: DatasetReport, name: string): Row {
  const { sourceUsers, sourceItems, sourceInteractions, targetUsers, targetItems, instances, train, validation, test } = dataset;
  const counts = [sourceUsers, sourceItems, sourceInteractions, targetUsers, targetItems, instances, train, validation, test];
  return { cells: [text(name), ...counts.map(whole)], ruleAbove: false };
}

function publishedRow({ name }: DatasetReport): Row[] {
  const size = sizeOf(name);
  if (size === undefined) return [];
  const unknown = () => ({ text: '', title: 'not published' });
  return [
    {
      cells: [
        text(`${size.name}, published`),
        unknown(),
        whole(size.sourceItems),
        whole(size.sourceInstances),
        unknown(),
        whole(size.targetItems),
        whole(size.targetInstances),
        unknown(),
        unknown(),
        unknown(),
      ],
    },
  ];
}

function sizeOf(name: string) {
  const published = publishedName(COLD_REC, name) ?? publishedName(PROFILES, name);
  return SIZES.find((size) => size.name === published);
}
