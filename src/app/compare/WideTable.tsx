import { Table } from '@mantine/core';
import type { ReactNode, Ref } from 'react';

interface WideTableProps {
  /** Of what is scrolled: with the focus on it, the arrow keys do. */
  readonly label: string;
  readonly minWidth: number;
  readonly maxHeight?: number;
  /** What is scrolled. */
  readonly viewportRef?: Ref<HTMLDivElement>;
  readonly children: ReactNode;
}

/** Where a table may be wider than the page. Its scroll bar is always in sight: on a phone nothing else says that there is more. */
export function WideTable({ label, minWidth, maxHeight, viewportRef, children }: WideTableProps) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      maxHeight={maxHeight}
      scrollAreaProps={{
        type: 'auto',

        viewportRef,
        viewportProps: { tabIndex: 0, role: 'group', 'aria-label': label },
      }}
    >
      {children}
    </Table.ScrollContainer>
  );
}
