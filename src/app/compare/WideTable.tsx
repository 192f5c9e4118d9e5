import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface WideTableProps {
  readonly minWidth: number;
  readonly maxHeight?: number;
  readonly children: ReactNode;
}

/** Where a table may be wider than the page. Its scroll bar is always in sight: on a phone nothing else says that there is more. */
export function WideTable({ minWidth, maxHeight, children }: WideTableProps) {
  return (
    <Table.ScrollContainer minWidth={minWidth} maxHeight={maxHeight} scrollAreaProps={{ type: 'auto' }}>
      {children}
    </Table.ScrollContainer>
  );
}
