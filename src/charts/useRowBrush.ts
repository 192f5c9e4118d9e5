import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { RowActions } from './PolicyHeatmap.tsx';

interface BrushedRows {
  readonly rows: number;
  /** Pixels of a row. */
  readonly pitch: number;
  /** Pixels in sight. */
  readonly shown: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly actions: RowActions | undefined;
  /** Whether a finger chooses rows too; else it scrolls, as everywhere on a page, and a tap is a click. */
  readonly fingers: boolean;
}

/** Pixels that a pointer may move and still be clicking. */
const STILL = 4;
/** Lines that Page up and Page down go. */
const PAGE = 10;

/** Chooses rows by dragging over them, or from the keyboard: arrows move the cursor, Shift extends, Escape lets go, Enter opens. */
export function useRowBrush({ rows, pitch, shown, scroller, actions, fingers }: BrushedRows) {
  const [wanted, setCursor] = useState(0);
  const cursor = Math.min(wanted, Math.max(0, rows - 1));
  /** Where a selection began. */
  const anchor = useRef(0);
  const press = useRef<{ readonly y: number; dragged: boolean } | null>(null);

  // The cursor's row stays where it can be seen, also when rows become higher.
  useEffect(() => {
    const element = scroller.current;
    if (element === null || element.scrollHeight <= element.clientHeight) return;
    const top = cursor * pitch;
    if (top < element.scrollTop || top + pitch > element.scrollTop + shown) element.scrollTop = top - shown / 2;
  }, [cursor, pitch, shown, scroller]);

  const rowAt = (event: PointerEvent<HTMLCanvasElement>): number => {
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top + (scroller.current?.scrollTop ?? 0);
    return Math.min(rows - 1, Math.max(0, Math.floor(y / pitch)));
  };
  const chooseTo = (row: number) => actions?.choose([Math.min(anchor.current, row), Math.max(anchor.current, row)]);
  const pointer = {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      if (actions === undefined || event.button !== 0) return;
      press.current = { y: event.clientY, dragged: false };
      anchor.current = rowAt(event);
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
      const pressed = press.current;
      if (pressed === null || (!pressed.dragged && Math.abs(event.clientY - pressed.y) < STILL)) return;
      pressed.dragged = true;
      if (fingers || event.pointerType === 'mouse') chooseTo(rowAt(event));
    },
    onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => {
      const pressed = press.current;
      press.current = null;
      if (pressed === null) return;
      const row = rowAt(event);
      setCursor(row);
      if (!pressed.dragged) actions?.open(row);
    },
    // The browser scrolls with this finger.
    onPointerCancel: () => {
      press.current = null;
    },
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') actions?.open(cursor);
    else if (event.key === 'Escape') actions?.choose(null);
    else {
      const next = moved(event.key, cursor, Math.max(1, Math.ceil(1 / pitch)), rows);
      if (next === null) return;
      if (!event.shiftKey) anchor.current = next;
      setCursor(next);
      if (event.shiftKey) chooseTo(next);
    }
    event.preventDefault();
  };
  return { cursor, rowAt, pointer, onKeyDown };
}

/** @param step rows of one pixel where there are several */
function moved(key: string, cursor: number, step: number, rows: number): number | null {
  const by = { ArrowUp: -step, ArrowDown: step, PageUp: -PAGE * step, PageDown: PAGE * step, Home: -rows, End: rows }[key];
  return by === undefined ? null : Math.min(rows - 1, Math.max(0, cursor + by));
}
