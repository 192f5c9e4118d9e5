import { Group, Text } from '@mantine/core';
import { memo, useRef, useState } from 'react';
import { gatesOfPattern } from '../../engine/evaluation/policies.ts';
import type { WhatIfs } from '../../engine/inspection/inspect.ts';
import { GateStrip } from './GateStrip.tsx';
import { WhatIfTable } from './WhatIfTable.tsx';
import { acrossOf, bestOf, patternAt, patternOf, shadeOf, shownRanks, whatIfWords } from './whatIfs.ts';
import { gateWord, patternWords } from './words.ts';

interface WhatIfPictureProps {
  readonly blocks: number;
  readonly whatIfs: WhatIfs;
  /** How many are ranked. */
  readonly of: number;
  readonly among: string;
  readonly own: readonly number[];
  /** Of the own policy, which may be none of the hard ones. */
  readonly ownRank: number | null;
  /** The gates that are set by hand now. */
  readonly byHand: readonly number[];
  /** Whether any of them is not the own one. */
  readonly isHandSet: boolean;
  readonly onGates: (gates: readonly (0 | 1)[]) => void;
}

/** Pixels of a cell, by the number of blocks: 16 cells in a row fit a phone. */
const CELLS = [0, 60, 60, 40, 40, 34, 34, 15, 15];
/** Smaller cells cannot hold a rank. */
const LEAST_WITH_RANK = 34;
/** From this shade of blue on, white can be read on it. */
const WHITE_FROM = 8;
const LEGEND = [9, 7, 5, 3, 1, 0].map((shade) => `var(--mantine-color-blue-${shade})`).join(', ');

const STEPS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** The pattern of the cell that an event is about; null beside the cells. */
function cellOf(target: EventTarget): number | null {
  const pattern = target instanceof HTMLElement ? target.dataset.pattern : undefined;
  return pattern === undefined ? null : Number(pattern);
}

/** All 2^N hard policies, a cell each, coloured by the rank that the target would have. A click sets the gates by hand. */
export function WhatIfPicture({ blocks, whatIfs, of, among, own, ownRank, byHand, isHandSet, onGates }: WhatIfPictureProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);
  const ranks = shownRanks(whatIfs);
  const isHard = own.every(Number.isInteger);
  const ownPattern = patternOf(own);
  const best = bestOf(whatIfs, ownPattern);
  const isHandMixed = !byHand.every(Number.isInteger);
  // Gates that mix are none of the cells: once any is set by hand, the nearest cell stands for them.
  const handPattern = isHandMixed && !isHandSet ? null : patternOf(byHand);
  const across = acrossOf(blocks);
  const columns = 2 ** across;
  const rows = 2 ** (blocks - across);
  const words = (pattern: number) => `${patternWords(gatesOfPattern(pattern, blocks))}: rank ${ranks[pattern]} of ${of}`;

  const move = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    // Elsewhere on the page ← and → go to other users.
    event.stopPropagation();
    event.preventDefault();
    const row = Math.min(rows - 1, Math.max(0, at.row + step[0]));
    const column = Math.min(columns - 1, Math.max(0, at.column + step[1]));
    setAt({ row, column });
    table.current?.querySelector<HTMLButtonElement>(`[data-pattern="${patternAt(blocks, row, column)}"]`)?.focus();
  };

  return (
    <figure style={{ margin: 0 }}>
      <Text size="sm" component="p" m={0} mb={8}>
        {whatIfWords(best, ranks, ownRank, isHard ? null : ownPattern, blocks)}
      </Text>
      <div style={{ overflowX: 'auto', padding: 4 }}>
        <table
          ref={table}
          className="what-ifs figures"
          aria-label={`Rank of the target under each of ${ranks.length} policies`}
          onKeyDown={move}
          onClick={({ target }) => {
            const pattern = cellOf(target);
            if (pattern !== null) onGates(gatesOfPattern(pattern, blocks));
          }}
          onFocus={({ target }) => {
            const pattern = cellOf(target);
            if (pattern === null) return;
            setPointed(pattern);
            setAt(placeOf(pattern, blocks));
          }}
          onBlur={() => setPointed(null)}
          onPointerOver={({ target }) => setPointed(cellOf(target))}
          onPointerLeave={() => setPointed(null)}
        >
          <thead>
            <tr>
              <td />
              <th colSpan={columns} scope="colgroup" className="what-if-axis">
                {gateNames(1, across)}
              </th>
            </tr>
            <tr>
              <td className="what-if-axis">
                {/* Of several blocks it would push the cells out of sight. */ blocks - across === 1 && gateNames(blocks, blocks)}
              </td>
              {Array.from({ length: columns }, (_, column) => (
                <th key={patternAt(blocks, 0, column)} scope="col">
                  <AxisStrip pattern={patternAt(blocks, 0, column)} first={1} last={across} upright />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, row) => (
              <tr key={patternAt(blocks, row, 0)}>
                <th scope="row">
                  <AxisStrip pattern={patternAt(blocks, row, 0)} first={across + 1} last={blocks} upright={false} />
                </th>
                {Array.from({ length: columns }, (_, column) => {
                  const pattern = patternAt(blocks, row, column);
                  return (
                    <Cell
                      key={pattern}
                      pattern={pattern}
                      words={words(pattern)}
                      size={CELLS[blocks]}
                      rank={ranks[pattern]}
                      shade={shadeOf(ranks[pattern], of)}
                      isOwn={isHard && pattern === ownPattern}
                      isBest={pattern === best.pattern}
                      isByHand={pattern === handPattern}
                      isStop={row === at.row && column === at.column}
                    />
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text size="xs" mih={36} component="figcaption" mt={4} className="figures">
        {pointed === null
          ? `Columns: ${gateNames(1, across, ', top to bottom')}${rows > 1 ? `; rows: ${gateNames(across + 1, blocks, ', left to right')}` : ''}. Dark: frozen, yellow: fine-tuned. Point at a cell to see its policy, click to set it by hand.`
          : words(pointed)}
      </Text>
      <Group gap={6}>
        <Text size="xs">rank 1</Text>
        <span style={{ width: 96, height: 10, background: `linear-gradient(to right, ${LEGEND})` }} />
        <Text size="xs">{of}</Text>
      </Group>
      <Text size="xs">
        Among {among}; dark is better. {isHard && 'Solid outline: own policy. '}Inner frame: the best. Dashed:{' '}
        {isHandMixed && isHandSet ? 'the nearest to the gates by hand, which mix.' : 'by hand.'}
      </Text>
      <WhatIfTable blocks={blocks} whatIfs={whatIfs} />
    </figure>
  );
}

/** The blocks of an axis, and in which order their squares stand where there are several. */
const gateNames = (from: number, to: number, order = ''): string =>
  from === to ? `block ${from}` : `blocks ${from} to ${to}${order}`;

/** Where a pattern stands in the picture. */
function placeOf(pattern: number, blocks: number): { row: number; column: number } {
  const columns = 2 ** acrossOf(blocks);
  for (let cell = 0; ; cell++) {
    const place = { row: Math.floor(cell / columns), column: cell % columns };
    if (patternAt(blocks, place.row, place.column) === pattern) return place;
  }
}

interface CellProps {
  readonly pattern: number;
  readonly words: string;
  readonly size: number;
  readonly rank: number;
  readonly shade: number;
  readonly isOwn: boolean;
  readonly isBest: boolean;
  readonly isByHand: boolean;
  /** Whether the tabulator stops here; the arrow keys go to the others. */
  readonly isStop: boolean;
}

/** One policy. There are up to 256: a cell is drawn again only when something about it changes. */
const Cell = memo(function Cell({ pattern, words, size, rank, shade, isOwn, isBest, isByHand, isStop }: CellProps) {
  return (
    <td>
      <button
        type="button"
        className="what-if"
        data-pattern={pattern}
        data-own={isOwn}
        data-best={isBest}
        aria-pressed={isByHand}
        aria-label={`${words}${isOwn ? ', own policy' : ''}${isBest ? ', the best' : ''}`}
        tabIndex={isStop ? 0 : -1}
        style={{
          width: size,
          height: size,
          background: `var(--mantine-color-blue-${shade})`,
          color: shade >= WHITE_FROM ? '#ffffff' : '#000000',
        }}
      >
        {size >= LEAST_WITH_RANK ? rank : ''}
      </button>
    </td>
  );
});

interface AxisStripProps {
  readonly pattern: number;
  /** The blocks that this axis is about. */
  readonly first: number;
  readonly last: number;
  readonly upright: boolean;
}

/** The gates that a row or a column stands for. */
const AxisStrip = memo(function AxisStrip({ pattern, first, last, upright }: AxisStripProps) {
  const gates = gatesOfPattern(pattern, last).slice(first - 1);
  return (
    <span className="what-if-axis" data-upright={upright}>
      {gates.length === 1 && <span aria-hidden>{gateWord(gates[0])}</span>}
      <GateStrip gates={gates} first={first} upright={upright} />
    </span>
  );
});
