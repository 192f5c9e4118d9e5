import { ActionIcon, Badge, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { describeMethod } from '../../configuration/methods.ts';
import { headlines } from '../../engine/evaluation/metrics.ts';
import { database } from '../../state/database.ts';
import { useFaults } from '../../state/faults.ts';
import { letGo, runAgain, swapInQueue, usePausing } from '../../state/training.ts';
import { positionWords } from '../../storage/checkpoints.ts';
import type { CheckpointRow, RunRow, RunStatus } from '../../storage/database.ts';
import { measuredText } from '../shared/results.ts';
import { StopButton } from '../shared/StopButton.tsx';
import { statusWord } from '../shared/statusWord.ts';
import { wordsOnRun } from '../shell/faultWords.ts';
import { ExperimentRows } from './ExperimentRows.tsx';
import { RemoveButton } from './RemoveButton.tsx';
import { Saved } from './Saved.tsx';
import { resumeWords } from './savedWords.ts';

const STATUS_COLOURS: Record<RunStatus, string> = {
  held: 'gray',
  queued: 'gray',
  running: 'indigo',
  paused: 'yellow',
  finished: 'teal',
  stopped: 'gray',
  failed: 'red',
  interrupted: 'orange',
};

/** The queue, to be reordered, and the runs that ended lately, with their results or reasons; of experiments one row each. */
export function Queue({ runs, labels }: { runs: readonly RunRow[]; labels: ReadonlyMap<number, string> }) {
  const alone = runs.filter(({ experimentId }) => experimentId === null);
  const queued = alone.filter(({ status }) => status === 'queued').toSorted((a, b) => a.position - b.position);
  const others = alone.filter(({ status }) => status !== 'queued');
  const ids = others.map(({ id }) => id);
  const checkpoints = useLiveQuery(() => database.checkpoints.bulkGet(ids), [ids.join(' ')]);
  if (runs.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Runs">
      <Title order={2} size="h5">
        Runs
      </Title>
      <Table verticalSpacing={4} fz="sm" className="stacked">
        <Table.Tbody>
          <ExperimentRows runs={runs} />
          {others.map((run, i) => (
            <Table.Tr key={run.id}>
              <Table.Td>{labels.get(run.id)}</Table.Td>
              <Table.Td>
                <Status run={run} />
              </Table.Td>
              <Table.Td>
                <Outcome run={run} checkpoint={checkpoints?.[i]} />
              </Table.Td>
            </Table.Tr>
          ))}
          {queued.map((run, i) => (
            <Table.Tr key={run.id}>
              <Table.Td>{labels.get(run.id)}</Table.Td>
              <Table.Td>
                <Status run={run} />
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  <ActionIcon
                    size="sm"
                    variant="default"
                    aria-label="Earlier"
                    disabled={i === 0}
                    onClick={() => swapInQueue(run.id, queued[i - 1].id)}
                  >
                    ↑
                  </ActionIcon>
                  <ActionIcon
                    size="sm"
                    variant="default"
                    aria-label="Later"
                    disabled={i === queued.length - 1}
                    onClick={() => swapInQueue(run.id, queued[i + 1].id)}
                  >
                    ↓
                  </ActionIcon>
                  <RemoveButton runId={run.id} label={labels.get(run.id) ?? `run ${run.id}`} />
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

/** Whole words, however narrow the table is. */
function Status({ run }: { run: RunRow }) {
  const isPausing = usePausing(run);
  return (
    <Badge size="sm" variant="light" miw="max-content" color={STATUS_COLOURS[run.status]}>
      {isPausing ? 'pausing' : statusWord(run.status)}
    </Badge>
  );
}

/** What keeps a run that goes on from going on, or from being saved. */
function FaultOnRun({ runId }: { runId: number }) {
  const words = useFaults(({ faults }) => wordsOnRun(faults, runId));
  return (
    words !== null && (
      <Text size="sm" c="red">
        {words}
      </Text>
    )
  );
}

function Outcome({ run, checkpoint }: { run: RunRow; checkpoint: CheckpointRow | undefined }) {
  if (run.result !== null) {
    // Trials of a search are compared by validation: their test results are not looked at.
    const shown = run.search === null ? run.result.test : run.result.validation;
    const [headline] = headlines(run.result.test);
    return (
      <Text size="sm" className="figures">
        {run.search !== null && 'validation '}
        {headline} {shown === null ? '–' : measuredText(shown, headline)}
        {run.error !== null && ` · ${run.error.message}`}
      </Text>
    );
  }
  if (run.status === 'running' || run.status === 'paused') {
    return (
      <>
        <Saved run={run} />
        <FaultOnRun runId={run.id} />
      </>
    );
  }
  if (run.status === 'held') {
    return (
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          paused; its tab was closed or reloaded, and the queue waits for it
          {checkpoint !== undefined && `; saved: ${positionWords(checkpoint)}`}
        </Text>
        <Button size="compact-xs" onClick={() => letGo(run.id, 'resume')}>
          {checkpoint === undefined ? 'Resume' : resumeWords(checkpoint)}
        </Button>
        <StopButton
          runId={run.id}
          label={describeMethod(run.configuration.method).label}
          size="compact-xs"
          onStop={() => letGo(run.id, 'stop')}
          onPause={null}
        />
      </Group>
    );
  }
  return (
    <Group gap="xs">
      {run.error !== null && (
        <Text size="sm" c="red">
          {run.error.message}
        </Text>
      )}
      {run.status === 'interrupted' && (
        <Text size="sm" c="dimmed">
          its tab was closed, reloaded or lost;{' '}
          {checkpoint === undefined ? 'it has no checkpoint, and starts anew' : `saved: ${positionWords(checkpoint)}`}
        </Text>
      )}
      {checkpoint !== undefined && (
        <Button size="compact-xs" onClick={() => runAgain(run.id, 'checkpoint')}>
          {resumeWords(checkpoint)}
        </Button>
      )}
      <Button size="compact-xs" variant="default" onClick={() => runAgain(run.id, 'beginning')}>
        Start anew
      </Button>
    </Group>
  );
}
