import { Box, Switch, Text, UnstyledButton } from '@mantine/core';
import { useElementSize, useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { arrange, fitLines, paint, visibleLines } from './heatmap.ts';
import { useRowBrush } from './useRowBrush.ts';
import { GATE_EDGE, gatePalette } from './viridis.ts';

/** Pixels that a row is high; `fit`: all rows in the height there is, a pixel for the mean of several where there are more. */
export type RowHeight = 'fit' | 4 | 12;

interface PolicyHeatmapProps {
  readonly title: string;
  /** The text alternative: what there is to see. */
  readonly summary: string;
  /** Packed gates, [users × blocks]; null while there are none: then all is grey. */
  readonly bytes: Uint8Array | null;
  readonly blocks: number;
  /** Users from top to bottom. */
  readonly order: Int32Array;
  /** What a byte is worth, 0 (frozen) to 1 (fine-tuned). */
  readonly value: Float64Array;
  /** Groups of rows, named at the side. */
  readonly bands: readonly { readonly label: string; readonly rows: number }[];
  readonly height: number;
  readonly rowHeight?: RowHeight;
  /** 1 for each chosen user; null where nobody is chosen. */
  readonly chosen?: Uint8Array | null;
  /** What is said of the row pointed at, or else of the one that the keyboard is on. */
  readonly words: (row: number) => ReactNode;
  /** What may be done with rows; without it they can only be looked at. */
  readonly actions?: RowActions;
}

export interface RowActions {
  /** Chooses the rows from one to another, both included; nobody, if null. */
  readonly choose: (rows: readonly [number, number] | null) => void;
  /** A click on a row, or Enter. */
  readonly open: (row: number) => void;
}

const PALETTE = gatePalette();
/** Indigo: what is chosen, as everywhere. */
const ACCENT = [76, 110, 245] as const;
const BAND_WIDTH = 112;
/** Of the strip that marks chosen rows. */
const STRIP = 8;
/** Users whose picture takes long enough that it is a task of its own, after that in which the page is made. */
const DRAWN_AT_ONCE = 100_000;
/** Pixels: figures are no wider than they need. */
const WIDEST_BLOCK = 240;
/** Scrolled into view, it is not under the page's header or the bar of a run. */
const BETWEEN_BARS = {
  scrollMarginTop: 'calc(var(--app-shell-header-offset, 0px) + 8px)',
  scrollMarginBottom: 'calc(var(--app-shell-footer-offset, 0px) + 8px)',
} as const;
/** A name needs so many pixels. */
const NAME_HEIGHT = 16;

/** Users × blocks on a canvas. Only the rows in sight are drawn, so that any number of users fits. */
export function PolicyHeatmap(props: PolicyHeatmapProps) {
  const { title, summary, bytes, blocks, order, value, bands, height, rowHeight = 'fit', chosen = null, words, actions } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { ref, width } = useElementSize();
  const rows = order.length;
  const side = bands.length > 0 ? BAND_WIDTH : 0;
  const strip = actions === undefined ? 0 : STRIP;
  const plot = Math.max(0, width - side);
  const total = rowHeight === 'fit' ? height : rows * rowHeight;
  const shown = Math.min(height, total);
  /** Pixels of a row, a fraction where one pixel stands for several. */
  const pitch = total / Math.max(1, rows);

  const draw = useCallback(() => {
    const element = canvas.current;
    const context = element?.getContext('2d', { willReadFrequently: true });
    if (!element || !context || plot === 0 || rows === 0) return;
    const ratio = window.devicePixelRatio;
    const [wide, high] = [Math.round(plot * ratio), Math.round(shown * ratio)];
    if (element.width !== wide) element.width = wide;
    if (element.height !== high) element.height = high;
    const scrolled = scroller.current?.scrollTop ?? 0;
    const lines = rowHeight === 'fit' ? fitLines(rows, high) : visibleLines(rows, rowHeight, scrolled, shown);
    const [first] = lines;
    if (first === undefined) return;
    const layout = {
      width: wide,
      height: high,
      top: rowHeight === 'fit' ? 0 : Math.round((first.first * rowHeight - scrolled) * ratio),
      pace: rowHeight === 'fit' ? high / lines.length : rowHeight * ratio,
      strip: Math.round(strip * ratio),
      // Large rows are told apart by a gap.
      gaps: { blocks: Math.round(ratio), lines: rowHeight === 12 ? Math.round(ratio) : 0 },
    };
    const painted = paint(lines, { bytes, blocks, order, value, chosen }, PALETTE);
    const picture = arrange(painted, blocks, layout, ACCENT);
    context.putImageData(new ImageData(picture, wide, high), 0, 0);
  }, [bytes, blocks, order, rows, value, chosen, rowHeight, plot, shown, strip]);
  useEffect(() => {
    if (rows <= DRAWN_AT_ONCE) return draw();
    const later = setTimeout(draw);
    return () => clearTimeout(later);
  }, [draw, rows]);

  const [pointed, setPointed] = useState<number | null>(null);
  const hasFingers = useMediaQuery('(any-pointer: coarse)') && actions !== undefined;
  const [fingers, setFingers] = useState(false);
  const brush = useRowBrush({ rows, pitch, shown, scroller, actions, fingers });
  const figure = useRef<HTMLElement>(null);
  const starts = bands.map((_, i) => bands.slice(0, i).reduce((sum, band) => sum + band.rows, 0));
  const row = pointed ?? (actions === undefined ? null : brush.cursor);
  return (
    <figure ref={figure} style={{ margin: 0, maxWidth: side + strip + blocks * WIDEST_BLOCK, ...BETWEEN_BARS }}>
      {hasFingers && (
        <Switch
          size="xs"
          mb={4}
          label="Choose users by dragging a finger"
          checked={fingers}
          onChange={(event) => setFingers(event.currentTarget.checked)}
        />
      )}
      <div style={{ overflow: 'hidden', scrollbarGutter: rowHeight === 'fit' ? undefined : 'stable' }} aria-hidden>
        <div style={{ display: 'flex', paddingLeft: side + strip, height: 20 }}>
          {Array.from({ length: blocks }, (_, block) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the block
            <Text key={`block ${block + 1}`} size="xs" c="dimmed" ta="center" flex={1} truncate>
              {blocks <= 4 || (blocks <= 8 && plot > 480) ? 'block ' : ''}
              {block + 1}
            </Text>
          ))}
        </div>
      </div>
      <Box
        ref={scroller}
        onScroll={draw}
        style={{
          height: shown,
          overflowY: rowHeight === 'fit' ? 'hidden' : 'auto',
          scrollbarGutter: rowHeight === 'fit' ? undefined : 'stable',
        }}
      >
        <div style={{ position: 'relative', height: total }} ref={ref}>
          <canvas
            ref={canvas}
            role="img"
            aria-label={`${title}. ${summary}`}
            style={{
              position: 'sticky',
              top: 0,
              marginLeft: side,
              width: plot,
              height: shown,
              display: 'block',
              touchAction: fingers ? 'none' : undefined,
              outline: `1px solid ${GATE_EDGE}`,
              outlineOffset: -1,
              cursor: actions === undefined ? undefined : 'crosshair',
            }}
            {...brush.pointer}
            onPointerMove={(event) => {
              setPointed(brush.rowAt(event));
              brush.pointer.onPointerMove(event);
            }}
            onPointerLeave={() => setPointed(null)}
          />
          {bands.map(({ label, rows: size }, i) => (
            <BandName
              key={label}
              label={`${label} (${size.toLocaleString('en')})`}
              top={starts[i] * pitch}
              height={size * pitch}
              isFirst={i === 0}
              onChoose={actions && (() => actions.choose([starts[i], starts[i] + size - 1]))}
            />
          ))}
          {actions !== undefined && (
            <div
              role="slider"
              tabIndex={0}
              aria-label="Row of users"
              aria-orientation="vertical"
              aria-valuemin={1}
              aria-valuemax={rows}
              aria-valuenow={brush.cursor + 1}
              onKeyDown={brush.onKeyDown}
              // The browser shows no more than the row.
              onFocus={() => figure.current?.scrollIntoView({ block: 'nearest' })}
              className="row-cursor"
              style={{
                position: 'absolute',
                left: side,
                right: 0,
                top: brush.cursor * pitch - 1,
                height: Math.max(3, pitch + 1),
                pointerEvents: 'none',
              }}
            />
          )}
        </div>
      </Box>
      <Text size="xs" c="dimmed" mih={40} mt={4} component="figcaption" aria-live="polite">
        {row === null ? summary : words(row)}
      </Text>
    </figure>
  );
}

interface BandNameProps {
  readonly label: string;
  readonly top: number;
  readonly height: number;
  readonly isFirst: boolean;
  readonly onChoose: (() => void) | undefined;
}

/** The name of a group of rows; pressed, it chooses them. */
function BandName({ label, top, height, isFirst, onChoose }: BandNameProps) {
  const style = {
    position: 'absolute',
    left: 0,
    width: BAND_WIDTH - 8,
    top,
    height,
    // Unlike `hidden`, this lets the name stay in sight while its band is scrolled.
    overflow: 'clip',
    borderTop: isFirst ? undefined : '1px solid var(--mantine-color-dimmed)',
  } as const;
  // Where there is no room for a name there is a line.
  const name = height >= NAME_HEIGHT && (
    <Text
      size="xs"
      component="span"
      truncate={height < 2 * NAME_HEIGHT}
      style={{
        position: 'sticky',
        top: 0,
        display: 'block',
        lineHeight: `${NAME_HEIGHT}px`,
        textDecoration: onChoose && 'underline dotted',
      }}
    >
      {label}
    </Text>
  );
  if (onChoose === undefined) return <div style={style}>{name}</div>;
  return (
    <UnstyledButton
      style={{ ...style, display: 'flex', flexDirection: 'column' }}
      aria-label={`Choose ${label}`}
      title={label}
      onClick={onChoose}
    >
      {name}
    </UnstyledButton>
  );
}
