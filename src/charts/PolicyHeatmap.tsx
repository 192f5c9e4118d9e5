import { Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { gateColour } from './viridis.ts';

export interface Band {
  readonly label: string;
  /** Rows of the band, from the end of the one before. */
  readonly rows: number;
}

export interface PolicyHeatmapProps {
  readonly title: string;
  readonly blocks: number;
  readonly rows: number;
  /** The value of a cell, 0 (frozen) to 1 (fine-tuned); null while there is none. */
  readonly value: (row: number, block: number) => number | null;
  /** What hovering a row says. */
  readonly wordsFor: (row: number) => string;
  /** Groups of rows, named at the side. */
  readonly bands?: readonly Band[];
  readonly height: number;
  /** The text alternative: what there is to see. */
  readonly summary: string;
}

const COLOURS = Array.from({ length: 256 }, (_, i) => gateColour(i / 255));
const GREY = '#adb5bd';
const BAND_WIDTH = 96;
const AXIS = 20;
/** Pixels: figures are no wider than they need. */
const WIDEST_BLOCK = 240;

/** Users × blocks on a canvas: as many rows as there are pixels are drawn, so that any number of users fits. */
export function PolicyHeatmap({ title, blocks, rows, value, wordsFor, bands = [], height, summary }: PolicyHeatmapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref, width } = useElementSize();
  const [hovered, setHovered] = useState<number | null>(null);
  const side = bands.length > 0 ? BAND_WIDTH : 0;
  const plot = Math.max(0, width - side);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined || plot === 0) return;
    const ratio = window.devicePixelRatio;
    element.width = Math.round(plot * ratio);
    element.height = Math.round(height * ratio);
    const drawn = Math.min(rows, element.height);
    for (let line = 0; line < drawn; line++) {
      const row = Math.floor((line * rows) / drawn);
      const top = Math.floor((line * element.height) / drawn);
      const bottom = Math.floor(((line + 1) * element.height) / drawn);
      for (let block = 0; block < blocks; block++) {
        const cell = value(row, block);
        context.fillStyle = cell === null ? GREY : COLOURS[Math.round(cell * 255)];
        const left = Math.floor((block * element.width) / blocks);
        context.fillRect(left, top, Math.floor(((block + 1) * element.width) / blocks) - left - ratio, bottom - top);
      }
    }
  }, [blocks, rows, value, height, plot]);

  const rowAt = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const { top, height: shown } = event.currentTarget.getBoundingClientRect();
    return Math.min(rows - 1, Math.max(0, Math.floor(((event.clientY - top) / shown) * rows)));
  };
  const starts = bands.map((_, i) => bands.slice(0, i).reduce((sum, band) => sum + band.rows, 0));
  return (
    <figure style={{ margin: 0, maxWidth: side + blocks * WIDEST_BLOCK }} ref={ref}>
      <div style={{ display: 'flex', paddingLeft: side, height: AXIS }} aria-hidden>
        {Array.from({ length: blocks }, (_, block) => (
          <Text
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
            key={`block ${block + 1}`}
            size="xs"
            c="dimmed"
            ta="center"
            style={{ width: plot / blocks, whiteSpace: 'nowrap', overflow: 'hidden' }}
          >
            {blocks <= 8 ? 'block ' : ''}
            {block + 1}
          </Text>
        ))}
      </div>
      <div style={{ position: 'relative', paddingLeft: side, height }}>
        {bands.map(({ label, rows: size }, i) => (
          <Text
            key={label}
            size="xs"
            style={{
              position: 'absolute',
              left: 0,
              width: side - 8,
              top: (starts[i] / rows) * height,
              height: (size / rows) * height,
              borderTop: i > 0 ? '1px solid var(--mantine-color-dimmed)' : undefined,
              paddingTop: 2,
            }}
          >
            {label}
          </Text>
        ))}
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${title}. ${summary}`}
          style={{ width: plot, height, display: 'block' }}
          onPointerMove={(event) => setHovered(rowAt(event))}
          onPointerLeave={() => setHovered(null)}
        />
      </div>
      <Text size="xs" c="dimmed" mih={20} mt={4} component="figcaption">
        {hovered === null ? summary : wordsFor(hovered)}
      </Text>
    </figure>
  );
}
