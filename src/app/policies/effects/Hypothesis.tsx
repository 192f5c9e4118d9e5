import { Alert, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { database } from '../../../state/database.ts';
import type { RunRow } from '../../../storage/database.ts';
import { Problem } from '../../shared/Problem.tsx';
import { useInspection } from '../../shared/useAnswer.ts';
import { useQueueing } from '../useQueueing.ts';
import { clsRunFor, hypothesisWords } from './hypothesis.ts';
import { ResemblanceDots } from './ResemblanceDots.tsx';

interface HypothesisProps {
  readonly run: RunRow;
  readonly finished: readonly RunRow[];
}

/** The paper's hypothesis: who keeps more frozen blocks is a user whose target domain resembles the source domain. */
export function Hypothesis({ run, finished }: HypothesisProps) {
  const cls = clsRunFor(run, finished);
  const isProfile = run.result !== null && 'accuracy' in run.result.test;
  const { value, error } = useInspection(cls === undefined || isProfile ? null : `${run.id} ${cls.id}`, (remote) =>
    remote.resemblance(run.id, cls?.id ?? -1),
  );
  return (
    <Stack gap="xs" component="section" aria-label="Who keeps frozen blocks?">
      <Title order={3} size="h6">
        Who keeps frozen blocks?
      </Title>
      <Text size="sm" c="dimmed">
        The paper’s hypothesis: users whose two domains resemble each other keep more frozen blocks. Resemblance is measured by
        Finetune-CLS, which knows the source domain’s network alone: how well it ranks a user’s test targets.
      </Text>
      {isProfile ? (
        <Text size="sm">A profile task predicts one class, not a ranking: there is nothing to measure resemblance by.</Text>
      ) : cls === undefined ? (
        <Missing run={run} />
      ) : error !== null ? (
        <Problem error={error} />
      ) : value === undefined ? (
        <Group gap="xs">
          <Loader size="xs" aria-hidden />
          <Text size="sm" role="status">
            Being computed.
          </Text>
        </Group>
      ) : (
        <>
          <Text size="sm" role="status">
            {hypothesisWords(value)}
          </Text>
          <ResemblanceDots groups={value.groups} />
        </>
      )}
    </Stack>
  );
}

/** There is no run of Finetune-CLS yet: the button makes one. */
function Missing({ run }: { run: RunRow }) {
  const { isBusy, queued, error, queue } = useQueueing(run);
  const state = useLiveQuery(() => database.runs.get(queued ?? -1), [queued]);
  if (state !== undefined && ['stopped', 'failed', 'interrupted'].includes(state.status))
    return (
      <Alert color="red" role="alert">
        Finetune-CLS did not finish ({state.status}
        {state.error === null ? '' : `: ${state.error.message}`}). The Train page has more.
      </Alert>
    );
  if (queued !== null)
    return (
      <Text size="sm" role="status">
        Finetune-CLS is {state?.status === 'queued' ? 'in the queue' : 'being trained'}; what it says will stand here.
      </Text>
    );
  return (
    <Group gap="sm">
      <Text size="sm">No run of Finetune-CLS on this dataset and split has finished yet.</Text>
      <Button size="xs" variant="default" disabled={isBusy} onClick={() => queue({ method: 'finetune-cls' })}>
        Run Finetune-CLS
      </Button>
      <Problem error={error} />
    </Group>
  );
}
