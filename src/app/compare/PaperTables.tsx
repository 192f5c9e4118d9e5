import { Button, Card, Stack, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { Problem } from '../shared/Problem.tsx';
import { TableView } from '../shared/TableView.tsx';
import { useResults } from '../shared/useAnswer.ts';
import { useOnRequest } from './useOnRequest.ts';

interface PaperTablesProps {
  readonly runs: readonly number[];
  /** See `versionOf`. */
  readonly version: string;
  /** The sampled protocol in words. */
  readonly sampledWords: string;
}

/** The paper's tables, as far as the chosen runs fill them. */
export const PaperTables = memo(function PaperTables({ runs, version, sampledWords }: PaperTablesProps) {
  const { key, isAsked, ask } = useOnRequest('tables', runs, version);
  const tables = useResults(key, (service) => service.tables(runs));
  const shown = tables.key === key ? tables.value : undefined;
  if (runs.length === 0) return null;
  return (
    <Card withBorder component="section" aria-label="The paper’s tables" aria-busy={tables.waiting}>
      <Stack gap="md">
        <div>
          <Title order={2} size="h5">
            The paper’s tables
          </Title>
          <Text size="sm" c="dimmed" maw={720}>
            Laid out as in the paper, its published values beside those of the chosen runs. Rankings are among the candidates (
            {sampledWords}), as in the paper, whatever is chosen above.
          </Text>
        </div>
        <Problem error={tables.error} title="The tables could not be made" />
        {!isAsked && (
          <Button size="xs" variant="default" w="fit-content" onClick={ask}>
            Make them of {runs.length.toLocaleString('en')} runs
          </Button>
        )}
        {tables.waiting && <Text size="sm">Making them …</Text>}
        {shown?.map((table) => (
          <TableView key={table.id} table={table} />
        ))}
        {shown?.length === 0 && <Text size="sm">None of them has a row for the chosen runs.</Text>}
      </Stack>
    </Card>
  );
});
