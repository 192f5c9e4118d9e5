import { Alert, Button, List } from '@mantine/core';
import { runAgain } from '../../state/training.ts';
import type { RunRow } from '../../storage/database.ts';
import { runLabels } from '../shared/series.ts';
import { undone } from './standing.ts';

/** What did not finish, each with its reason and the way to try it again. */
export function Reasons({ runs }: { runs: readonly RunRow[] }) {
  const ended = undone(runs);
  if (ended.length === 0) return null;
  const labels = runLabels(runs);
  return (
    <Alert color="orange" title={ended.length === 1 ? 'One run did not finish' : `${ended.length} runs did not finish`}>
      <List size="sm" spacing={4}>
        {ended.map(({ id, datasetName, error, status }) => (
          <List.Item key={id}>
            {labels.get(id)} on {datasetName}: {error?.message ?? REASONS[status]}{' '}
            <Button size="compact-xs" variant="default" aria-label={`Try ${labels.get(id)} again`} onClick={() => runAgain(id)}>
              Try again
            </Button>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

const REASONS: Partial<Record<RunRow['status'], string>> = {
  stopped: 'stopped by hand.',
  interrupted: 'its tab was closed.',
};
