import { Button, Group, Loader, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useLocation } from 'wouter';
import { database } from '../../state/database.ts';
import { enqueue } from '../../state/training.ts';
import type { RunRow } from '../../storage/database.ts';
import { Problem } from '../shared/Problem.tsx';
import { useInspection } from '../shared/useAnswer.ts';
import type { UserAddress } from './address.ts';
import { SubjectParts } from './SubjectParts.tsx';

interface OneUserProps {
  readonly run: RunRow;
  readonly address: UserAddress;
  readonly go: (change: Partial<UserAddress>, replace?: boolean) => void;
}

/** Opens the model of a run, and looks up its first user where none is asked for. */
export function OneUser({ run, address, go }: OneUserProps) {
  const [, navigate] = useLocation();
  const model = useInspection(`${run.id}`, (remote) => remote.open(run.id));
  const first = useInspection(address.subject === null ? `${run.id}` : null, (remote) => remote.findUsers(run.id, ''));
  const dataset = useLiveQuery(() => database.datasets.get(run.datasetId), [run.datasetId]);
  const again = async () => {
    if (dataset === undefined || !dataset.hasContents) return navigate('/data');
    await enqueue(dataset, [{ configuration: run.configuration, preset: run.preset }]);
    navigate('/train');
  };
  const error = model.error ?? first.error;
  if (error !== null) {
    return (
      <Problem title="This run cannot be asked" error={error}>
        <Button size="xs" onClick={again}>
          {dataset?.hasContents === false ? 'Import its files' : 'Run it again'}
        </Button>
        <Text size="sm">or choose another run above.</Text>
      </Problem>
    );
  }
  const firstUser = first.value?.[0];
  const subject = address.subject ?? (firstUser === undefined ? null : { user: firstUser });
  if (model.value === undefined || (subject === null && first.value === undefined)) {
    return (
      <Group gap="xs" mih={400} align="flex-start">
        <Loader size="xs" aria-hidden />
        <Text size="sm" role="status">
          Loading the model of this run.
        </Text>
      </Group>
    );
  }
  if (subject === null) return <Text>This dataset has no user with targets.</Text>;
  return <SubjectParts run={run.id} model={model.value} subject={subject} address={address} go={go} />;
}
