import { Alert, Button, List } from '@mantine/core';
import { runAgain } from '../../state/training.ts';
import type { RunRow } from '../../storage/database.ts';
import type { RunGrid } from './runGrid.ts';

/** So many are told one by one: beyond them the reasons are mostly the same. */
const MOST_REASONS = 8;

/** What did not finish on a dataset, each with its reason and the way to try it again. */
export function Reasons({ labels, unanswered: ended }: Pick<RunGrid, 'labels' | 'unanswered'>) {
  if (ended.length === 0) return null;
  return (
    <Alert color="orange" title={ended.length === 1 ? 'One run did not finish' : `${ended.length} runs did not finish`} my={4}>
      <List size="sm" spacing={4}>
        {ended.slice(0, MOST_REASONS).map(({ id, error, status }) => (
          <List.Item key={id}>
            {labels.get(id)}: {error?.message ?? REASONS[status]}{' '}
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Try ${labels.get(id)} again`}
              onClick={() => runAgain(id, 'checkpoint')}
            >
              Try again
            </Button>
          </List.Item>
        ))}
        {ended.length > MOST_REASONS && <List.Item>and {ended.length - MOST_REASONS} more, marked below</List.Item>}
      </List>
    </Alert>
  );
}

const REASONS: Partial<Record<RunRow['status'], string>> = {
  stopped: 'stopped by hand.',
  interrupted: 'its tab was closed or reloaded.',
};
