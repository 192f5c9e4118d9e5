import { Stack, Text } from '@mantine/core';
import { memo, useCallback, useMemo } from 'react';
import { valuesOf } from '../../analysis/policies.ts';
import type { Rows } from '../../analysis/rows.ts';
import { GateLegend } from '../../charts/GateLegend.tsx';
import { PolicyHeatmap, type RowActions, type RowHeight } from '../../charts/PolicyHeatmap.tsx';
import { count } from '../format.ts';
import { SaveFigure } from '../shared/SaveFigure.tsx';
import { usersFigure } from './policyFigures.ts';
import { UserWords } from './UserWords.tsx';

interface UserPoliciesProps {
  readonly title: string;
  readonly runId: number;
  /** Whose policies the picture shows; null while there are none. */
  readonly epoch: number | null;
  /** Packed gates; null while no epoch is over: then all is grey. */
  readonly bytes: Uint8Array | null;
  readonly blocks: number;
  /** Undefined while they are being sorted. */
  readonly rows: Rows | undefined;
  /** A hard gate is 0 or 1; a soft one is the probability itself. */
  readonly show: 'gate' | 'probability';
  readonly truth: boolean;
  readonly height: number;
  readonly rowHeight?: RowHeight;
  readonly chosen?: Uint8Array | null;
  readonly actions?: RowActions;
}

/** All users × blocks, in the order asked for. */
export const UserPolicies = memo(function UserPolicies(props: UserPoliciesProps) {
  const { title, runId, epoch, bytes, blocks, rows, show, truth, height, rowHeight = 'fit', chosen = null, actions } = props;
  const value = useMemo(() => valuesOf(show === 'gate' ? 'hard' : 'soft'), [show]);
  const order = rows?.order;
  const words = useCallback(
    (row: number) => order && <UserWords runId={runId} user={order[row]} bytes={bytes} blocks={blocks} truth={truth} />,
    [runId, order, bytes, blocks, truth],
  );
  if (order === undefined) {
    return (
      <Text size="sm" c="dimmed" h={height}>
        Sorting the users …
      </Text>
    );
  }
  const pixel =
    rowHeight === 'fit' && order.length > height
      ? 'Each line is the mean of the users that it stands for.'
      : 'Each line is a user.';
  const printed = epoch === null ? title : `${title}, epoch ${epoch}`;
  const summary = bytes === null ? 'Grey until the first epoch is over.' : `${count(order.length)} users. ${pixel}`;
  return (
    <Stack gap={4}>
      <GateLegend
        what={`${show === 'gate' ? 'gate of each user and block' : 'probability of fine-tuning'}${epoch === null ? '' : `, epoch ${epoch}`}`}
      />
      <PolicyHeatmap
        title={title}
        summary={summary}
        bytes={bytes}
        blocks={blocks}
        order={order}
        value={value}
        bands={rows?.bands ?? []}
        height={height}
        rowHeight={rowHeight}
        chosen={chosen}
        words={words}
        actions={actions}
      />
      {bytes !== null && (
        <div>
          <SaveFigure
            title={title}
            figure={() => usersFigure({ title: printed, bytes, blocks, order, value, bands: rows?.bands ?? [] })}
          />
        </div>
      )}
      {rows?.note !== null && (
        <Text size="xs" c="dimmed">
          {rows?.note}
        </Text>
      )}
    </Stack>
  );
});
