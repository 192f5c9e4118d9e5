import { Alert, Anchor, Text } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { bytes } from '../format.ts';
import { useBrowserStorage } from './useBrowserStorage.ts';

interface RoomForecastProps {
  /** Bytes on disk that will be taken at most. */
  readonly needed: number;
  /** Of `needed` only for a while, such as a checkpoint. */
  readonly passing?: number;
  /** Whether it is only known roughly. */
  readonly isEstimate?: boolean;
  /** What makes it smaller, in a sentence. */
  readonly advice?: string;
}

/** What will be taken on disk, and a warning where the browser has not as much left. */
export function RoomForecast({ needed, passing = 0, isEstimate = false, advice }: RoomForecastProps) {
  const [path] = useLocation();
  const estimate = useBrowserStorage();
  const free = estimate === null ? null : estimate.quota - estimate.usage;
  const takes = `Takes ${isEstimate ? 'roughly, and at most, ' : 'at most '}${bytes(needed)} on disk`;
  if (free === null || needed <= free) {
    return (
      <Text size="sm" className="figures">
        {takes}
        {passing > 0 && `, ${bytes(passing)} of it only until the runs are finished`}
        {free !== null && `; ${bytes(free)} are left`}.
      </Text>
    );
  }
  return (
    <Alert color="orange" title="The browser has not enough room for this" role="alert" className="figures">
      {takes}, but only {bytes(Math.max(0, free))} of what the browser gives to this page are left. What does not fit is not saved
      (what is saved already stays). {advice}{' '}
      {path === '/data' ? (
        'Clean up under “Storage” below first.'
      ) : (
        <Anchor component={Link} href="/data" inherit c="inherit" underline="always">
          Clean up on the Data page
        </Anchor>
      )}
    </Alert>
  );
}
