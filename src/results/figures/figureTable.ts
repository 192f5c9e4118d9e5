import type { TableModel } from '../tables/table.ts';
import type { Figure } from './figure.ts';

/** The numbers that a figure is drawn from: its text alternative. */
export function figureTable(figure: Figure): TableModel {
  return { id: `${figure.id}-table`, title: figure.title, notes: [], ...contents(figure) };
}

type Contents = Pick<TableModel, 'columns' | 'rows'>;

const left = (title: string) => ({ title, align: 'left' as const });
const right = (title: string) => ({ title, align: 'right' as const });
const text = (words: string) => ({ text: words });
/** Four digits are more than any of these mean; a spreadsheet gets all of them. */
const number = (value: number | undefined) => {
  if (value === undefined || !Number.isFinite(value)) return { text: '' };
  const words = Number.isInteger(value) || Math.abs(value) >= 1 ? String(Number(value.toPrecision(4))) : value.toFixed(4);
  return { text: words.replace('-', '−'), value };
};

function contents(figure: Figure): Contents {
  switch (figure.kind) {
    case 'lines': {
      const xs = Array.from(new Set(figure.lines.flatMap(({ points }) => points.map(({ x }) => x)))).sort((a, b) => a - b);
      return {
        columns: [
          right(figure.x.title),
          ...figure.lines.map(({ label }) => right(label)),
          ...figure.levels.map(({ label }) => right(label)),
        ],
        rows: xs.map((x) => ({
          cells: [
            number(x),
            ...figure.lines.map(({ points }) => number(points.find((point) => point.x === x)?.y)),
            ...figure.levels.map(({ y }) => number(y)),
          ],
        })),
      };
    }
    case 'scatter':
      return {
        columns: [left('series'), left('point'), right(figure.x.title), right(figure.y.title), right('±')],
        rows: figure.series.flatMap(({ label: series, points }) =>
          points.map(({ x, y, error, label = '' }) => ({
            cells: [text(series), text(label), number(x), number(y), number(error)],
          })),
        ),
      };
    case 'matrix':
      return {
        columns: [left(figure.rowTitle), ...figure.columns.map((column) => right(`${figure.columnTitle} ${column}`))],
        rows: figure.rows.map(({ label, values }) => ({
          cells: [text(label), ...figure.columns.map((_, i) => number(values[i]))],
        })),
      };
    case 'bars':
      return {
        columns: [left(figure.x.title), ...figure.series.flatMap(({ label }) => [right(label), right(`± ${label}`)])],
        rows: figure.groups.map((group, i) => ({
          cells: [text(group), ...figure.series.flatMap(({ values }) => [number(values[i]?.y), number(values[i]?.error)])],
        })),
      };
    case 'heatmap':
      return {
        columns: [right(figure.rowTitle), ...figure.columns.map((column) => right(`${figure.columnTitle} ${column}`))],
        rows: figure.lines.map((line, i) => ({
          cells: [number(i + 1), ...figure.columns.map((_, l) => number(line[l]))],
        })),
      };
    case 'dots':
      return {
        columns: [left(''), right(figure.x.title), right('±'), left('each')],
        rows: figure.rows.map(({ label, value, error, each }) => ({
          cells: [text(label), number(value), number(error), text(each.map((one) => number(one).text).join(', '))],
        })),
      };
  }
}
