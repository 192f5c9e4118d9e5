import { describe, expect, it } from 'vitest';
import { malformed } from '../xml.testing.ts';
import type { Figure, LineFigure } from './figure.ts';
import { figureTable } from './figureTable.ts';
import { figureSvg } from './svg.ts';

const HOSTILE = `<script>alert("1")</script> & 'x' ]]> \u0007`;
const words = { title: HOSTILE, notes: [HOSTILE] };
const look = { label: HOSTILE, colour: '#0072b2', dash: '6 2' };
const axes = { x: { title: HOSTILE }, y: { title: HOSTILE } };

const line: LineFigure = {
  ...words,
  ...axes,
  kind: 'lines',
  id: 'l',
  lines: [{ ...look, points: [1, 2, 3].map((x) => ({ x, y: x / 10, low: x / 10 - 0.01, high: x / 10 + 0.01 })), marked: 2 }],
  levels: [{ label: HOSTILE, y: 0.05 }],
};
const FIGURES: readonly Figure[] = [
  line,
  {
    ...words,
    ...axes,
    kind: 'scatter',
    id: 's',
    series: [{ ...look, points: [{ x: 1e6, y: 0.4, error: 0.01, label: HOSTILE }] }],
  },
  {
    ...words,
    kind: 'matrix',
    id: 'm',
    rows: [{ label: HOSTILE, values: [0.25, 1] }],
    columns: ['1', '2', '3'],
    rowTitle: HOSTILE,
    columnTitle: HOSTILE,
    ends: ['frozen', 'fine-tuned'],
  },
  {
    ...words,
    ...axes,
    kind: 'bars',
    id: 'b',
    groups: [HOSTILE, '2'],
    series: [{ ...look, values: [{ y: 0.1, error: 0.01 }, { y: 0.2 }] }],
  },
  { ...words, kind: 'dots', id: 'd', x: { title: HOSTILE }, rows: [{ ...look, value: 0.4, error: 0.01, each: [0.39, 0.41] }] },
  {
    ...words,
    kind: 'heatmap',
    id: 'h',
    lines: [
      [0, 1],
      [0, 1],
      [1, 0.5],
    ],
    bands: [
      { label: HOSTILE, lines: 2 },
      { label: 'b', lines: 1 },
    ],
    columns: ['1', '2'],
    rowTitle: HOSTILE,
    columnTitle: HOSTILE,
    ends: ['frozen', 'fine-tuned'],
  },
];

describe('malformed', () => {
  it('finds what is wrong', () => {
    expect(malformed('<a b="1"><c/>x &amp; y</a>')).toBeNull();
    for (const wrong of [
      '<a>',
      '<a></b>',
      '<a b=1></a>',
      '<a>&</a>',
      '<a b="&"></a>',
      '<a b="1" b="2"></a>',
      '<a></a><a></a>',
      'x',
    ])
      expect(malformed(wrong)).not.toBeNull();
  });
});

describe('figureSvg', () => {
  it.each(FIGURES)('is well-formed and escapes all names: $kind', (figure) => {
    const svg = figureSvg(figure);
    expect(malformed(svg)).toBeNull();
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(figureTable(figure).rows.every(({ cells }) => cells.length === figureTable(figure).columns.length)).toBe(true);
  });

  it('is as wide as it is asked to be, white, and has a title for those who do not see it', () => {
    const svg = figureSvg({ ...line, title: 'A title' }, { width: 120 });
    expect(svg).toContain('width="120mm"');
    expect(svg).toContain('<title>A title</title>');
    expect(svg).toMatch(/<rect [^>]*fill="#ffffff"/);
    expect(figureSvg({ ...line, title: 'A title' }, { words: false })).not.toContain('font-weight');
  });

  it('draws nothing of numbers that are not there, and of no numbers at all', () => {
    const points = [
      { x: 1, y: Number.NaN },
      { x: 2, y: 0.1 },
    ];
    expect(malformed(figureSvg({ ...line, lines: [{ ...look, points }] }))).toBeNull();
    expect(malformed(figureSvg({ ...line, lines: [], levels: [] }))).toBeNull();
  });

  it('marks a point with a ring, and has a level line for each level', () => {
    expect(figureSvg(line).match(/<circle/g)).toHaveLength(1);
    expect(figureSvg({ ...line, lines: [{ ...line.lines[0], marked: undefined }] })).not.toContain('<circle');
  });

  it('keeps a long line short, with its marked and its last point', () => {
    const points = Array.from({ length: 20_000 }, (_, x) => ({ x, y: x }));
    const svg = figureSvg({ ...line, lines: [{ ...look, points, marked: 777 }], levels: [] });
    expect(svg.length).toBeLessThan(20_000);
    expect(svg).toContain('<circle');
  });

  it('writes values in cells with ink that can be read', () => {
    const svg = figureSvg(FIGURES[2]);
    expect(svg).toMatch(/fill="#ffffff">0\.25</);
    expect(svg).toMatch(/fill="#000000">1\.00</);
  });

  it('has an even axis where a logarithm would be of zero', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 10, y: 2 },
    ];
    expect(malformed(figureSvg({ ...line, x: { title: 'x', logarithmic: true }, lines: [{ ...look, points }] }))).toBeNull();
  });

  it('has patterns of its own in a document of several figures', () => {
    const [first, second] = ['a', 'b'].map((prefix) => figureSvg(FIGURES[3], { prefix }));
    expect(first).toContain('url(#a-hatch-0)');
    expect(second).not.toContain('a-hatch');
  });
});
