import { Alert, Anchor, Badge, Button, Card, Group, List, Modal, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { DatasetFigures, TargetTask } from '../../data/dataset.ts';
import { filterWords } from '../../data/filterWords.ts';
import type { DatasetShape } from '../../data/shape.ts';
import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import { useTraining } from '../../state/training.ts';
import { type DatasetRow, deleteDataset } from '../../storage/database.ts';
import { bytes, count, date } from '../format.ts';
import { NameInPlace } from '../shared/NameInPlace.tsx';
import { SCENARIO_WORDS } from '../train/storyWords.ts';
import { CardFigures } from './CardFigures.tsx';
import { doubtsOf } from './shape/doubts.ts';
import { hasOwnPretraining, pairWords } from './shape/pair.ts';

/** By which other parts of the page lead to a dataset's card. */
export const cardId = (datasetId: number): string => `dataset-card-${datasetId}`;

/** One dataset: Table 1's figures, and what can be done with it. */
export function DatasetCard({ row, onTrain }: { row: DatasetRow; onTrain: () => void }) {
  const { datasetId } = usePreferences();
  const { figures, origin } = row;
  const [opened, { toggle }] = useDisclosure(false);
  const doubts = useMemo(() => (row.shape === undefined ? [] : doubtsOfRow(row, row.shape)), [row]);
  return (
    <Card
      withBorder
      padding="md"
      component="section"
      aria-label={`Dataset ${row.name} (number ${row.id})`}
      id={cardId(row.id)}
      tabIndex={-1}
      style={{ scrollMarginTop: 64 }}
    >
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ flex: 1 }}>
            <NameInPlace
              name={row.name}
              order={3}
              size="h4"
              label="Name of the dataset"
              onSave={(name) => database.datasets.update(row.id, { name })}
            />
          </div>
          {datasetId === row.id && (
            <Badge variant="light" miw="max-content">
              in use
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {origin.kind === 'simulated' ? `Simulated. ${SCENARIO_WORDS[origin.scenario]}` : origin.files.join(' → ')}
        </Text>
        <Table withRowBorders={false} verticalSpacing={2} aria-label="Table 1's figures">
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              <Table.Th ta="right">users</Table.Th>
              <Table.Th ta="right">items</Table.Th>
              <Table.Th ta="right">interactions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Table.Tr>
              <Table.Th fw={400}>source</Table.Th>
              <Table.Td ta="right">{count(figures.sourceUsers)}</Table.Td>
              <Table.Td ta="right">{count(figures.sourceItems)}</Table.Td>
              <Table.Td ta="right">{count(figures.sourceInteractions)}</Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Th fw={400}>{row.task === 'profile' ? 'target (labels)' : 'target'}</Table.Th>
              <Table.Td ta="right">{count(figures.targetUsers)}</Table.Td>
              <Table.Td ta="right">{count(figures.targetItems)}</Table.Td>
              <Table.Td ta="right">{count(figures.instances)}</Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
        <Text size="sm">{leftWords(row)}</Text>
        {doubts.length > 0 && <Text size="sm">In doubt: {doubts.map(({ title }) => title).join('; ')}.</Text>}
        {!row.hasContents && (
          <Alert color="gray" p="xs">
            These results came from elsewhere, without the data.{' '}
            <Anchor component={Link} href="/compare" inherit>
              Compare them
            </Anchor>
            , or import the files of this dataset to train on it and to look into policies: the results then join it.
          </Alert>
        )}
        {row.notes.length > 0 && (
          <List size="sm" aria-label="What is to be known of the files">
            {row.notes.map((note, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and so one sentence
              <List.Item key={i} style={{ overflowWrap: 'anywhere' }}>
                {note}
              </List.Item>
            ))}
          </List>
        )}
        <Group justify="space-between">
          <Group gap="xs">
            {row.hasContents && (
              <>
                <Button size="xs" variant="light" onClick={onTrain}>
                  Train on it
                </Button>
                <Button size="xs" variant="default" onClick={toggle} aria-expanded={opened}>
                  {opened ? 'Hide the figures' : 'Figures'}
                </Button>
              </>
            )}
            <Delete row={row} />
          </Group>
          <Text size="xs" c="dimmed">
            {row.hasContents ? `${bytes(row.bytes)} · ` : ''}
            {date(row.createdAt)}
          </Text>
        </Group>
        {opened && <CardFigures row={row} doubts={doubts} />}
      </Stack>
    </Card>
  );
}

const doubtsOfRow = ({ figures, timed, task, origin }: DatasetRow, shape: DatasetShape) =>
  doubtsOf({ figures, shape, timed, task, scenario: origin.kind === 'simulated' ? origin.scenario : null, unordered: null });

function overlapWords({ sourceUsers, targetUsers, targetItems }: DatasetFigures, task: TargetTask): string {
  const share = `${Math.round((100 * targetUsers) / Math.max(1, sourceUsers))} % of the source users`;
  return task === 'profile'
    ? `A profile task: one of ${count(targetItems)} classes for each of ${count(targetUsers)} users with a source sequence (${share}).`
    : `${count(targetUsers)} users have both a source sequence and target items (${share}).`;
}

/** How the domains overlap, and what the preparation left out. */
function leftWords({ figures, settings, task, shape }: DatasetRow): string {
  const { targetOnlyUsers, droppedTargetItems } = figures;
  const isPair = shape !== undefined && hasOwnPretraining({ figures, shape });
  const sentences = [isPair ? pairWords(figures) : overlapWords(figures, task)];
  if (targetOnlyUsers > 0) sentences.push(`${count(targetOnlyUsers)} users have no source sequence and are left out.`);
  if (droppedTargetItems > 0) {
    sentences.push(
      `${count(droppedTargetItems)} target items with fewer than ${settings.minimumTargetItemCount} interactions were dropped.`,
    );
  }
  sentences.unshift(...filterWords(settings.filters));
  if (settings.maximumTargetsPerUser > 0) sentences.push(`Each user keeps the first ${settings.maximumTargetsPerUser} targets.`);
  return sentences.join(' ');
}

/** Deleting cannot be undone: the one thing that asks. */
function Delete({ row }: { row: DatasetRow }) {
  const [asked, { open, close }] = useDisclosure(false);
  const [runs, setRuns] = useState(0);
  const runId = useTraining((state) => state.runId);
  const inUse = useLiveQuery(async () => (await database.runs.get(runId ?? -1))?.datasetId === row.id, [runId, row.id]) ?? false;
  const remove = async () => {
    await deleteDataset(database, row.id);
    const { datasetId, chooseDataset } = usePreferences.getState();
    const others = await database.datasets.filter(({ hasContents }) => hasContents).primaryKeys();
    if (datasetId === row.id) chooseDataset(others[0] ?? null);
    close();
  };
  const ask = async () => {
    setRuns(await database.runs.where({ datasetId: row.id }).count());
    open();
  };
  return (
    <>
      <Button
        size="xs"
        variant="subtle"
        color="red"
        onClick={ask}
        disabled={inUse}
        title={inUse ? 'Stop the run on it first.' : undefined}
      >
        Delete
      </Button>
      <Modal opened={asked} onClose={close} title={`Delete “${row.name}”?`}>
        <Text mb="md">
          {runs === 0 ? 'No run uses it.' : `Its ${runs} run${runs === 1 ? '' : 's'}, with their results, go too.`} This cannot be
          undone.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
          <Button color="red" onClick={remove}>
            Delete
          </Button>
        </Group>
      </Modal>
    </>
  );
}
