import { Card, NativeSelect, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { RunRow } from '../../storage/database.ts';
import { runLabels } from '../shared/series.ts';
import { WideTable } from './WideTable.tsx';

/** How often the classes of a profile task are taken for each other, on the test instances of one run. */
export function Confusion({ runs }: { runs: readonly RunRow[] }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const profiles = runs.filter(({ result }) => result !== null && 'confusion' in result.test);
  const run = profiles.find(({ id }) => id === chosen) ?? profiles.at(-1);
  const test = run?.result?.test;
  if (run === undefined || test === undefined || !('confusion' in test)) return null;
  const labels = runLabels(profiles);
  const nameOf = (c: number) => run.result?.classes?.[c] ?? `class ${c + 1}`;
  return (
    <Card withBorder component="section" aria-label="Confusion matrix">
      <Stack gap="xs">
        <Title order={2} size="h5">
          Confusion matrix, {test.n.toLocaleString('en')} test users
        </Title>
        <NativeSelect
          size="xs"
          label="Run"
          w="fit-content"
          value={String(run.id)}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
          data={profiles.map(({ id, datasetName }) => ({ value: String(id), label: `${labels.get(id)} · ${datasetName}` }))}
        />
        <WideTable label="Table of the classes" minWidth={120 + 72 * test.confusion.length}>
          <Table fz="sm" w="fit-content" className="figures" withColumnBorders verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>is ↓, taken for →</Table.Th>
                {test.confusion.map((_, c) => (
                  <Table.Th key={nameOf(c)} ta="right">
                    {nameOf(c)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {test.confusion.map((row, label) => (
                <Table.Tr key={nameOf(label)}>
                  <Table.Th>{nameOf(label)}</Table.Th>
                  {row.map((count, predicted) => (
                    <Table.Td key={nameOf(predicted)} ta="right" fw={label === predicted ? 700 : 400}>
                      {count.toLocaleString('en')}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
        <Text size="xs" c="dimmed">
          Bold: right. Accuracy is their share; macro F1 the mean F1 of the classes, each counting the same.
        </Text>
      </Stack>
    </Card>
  );
}
