import { Button, Card, FileButton, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo, useRef } from 'react';
import { database } from '../../state/database.ts';
import type { RunRow } from '../../storage/database.ts';
import { fileName } from '../shared/download.ts';
import { Problem } from '../shared/Problem.tsx';
import { TakenResults } from '../shared/TakenResults.tsx';
import { askResults } from '../shared/useAnswer.ts';
import { useTakeIn } from '../shared/useTakeIn.ts';
import { RunExports, stopExport } from './RunExports.tsx';
import { useSaving } from './useSaving.ts';

const hasEnded = (run: RunRow | undefined): run is RunRow => run?.status === 'finished' || run?.status === 'failed';

/** Saves the chosen runs, and imports results from elsewhere. */
export function Exports({ ids }: { ids: readonly number[] }) {
  const runs = useLiveQuery(async () => (await database.runs.bulkGet([...ids])).filter(hasEnded), [ids.join(' ')]);
  const saving = useSaving();
  const results = useTakeIn();
  const reset = useRef<() => void>(null);
  const { what, share, error, save, forget } = saving;
  const finished = useMemo(() => runs?.filter(({ result }) => result !== null) ?? [], [runs]);
  if (runs === undefined) return null;
  const ended = runs.map(({ id }) => id);
  const title = `${ended.length} ${ended.length === 1 ? 'run' : 'runs'}`;
  return (
    <Card withBorder component="section" aria-label="Save and import results">
      <Stack gap="sm">
        <Title order={2} size="h5">
          Save and import
        </Title>
        {ended.length > 0 && (
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              disabled={what !== null}
              onClick={() => save('The runs', fileName(title, 'json'), () => askResults((service) => service.exportRuns(ended)))}
            >
              Runs (JSON)
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={what !== null}
              onClick={() =>
                save('The report', fileName(`report of ${title}`, 'html'), async () => {
                  const page = await askResults((service) => service.report(ended, `UAF Studio: ${title}`));
                  return new Blob([page], { type: 'text/html' });
                })
              }
            >
              HTML report
            </Button>
            <Text size="xs" c="dimmed">
              {ended.length === 1 ? 'of the run chosen above' : `of the ${title} chosen above`}
            </Text>
          </Group>
        )}
        {finished.length > 0 && <RunExports runs={finished} saving={saving} />}
        {what !== null && (
          <Group gap="sm">
            <Text size="sm" role="status">
              {what}: {share === null ? 'being made' : `${Math.round(100 * share)} %`}
            </Text>
            {share !== null && (
              <>
                <Progress value={100 * share} w={160} aria-label={`${what}: share that is done`} />
                <Button size="compact-xs" variant="default" onClick={stopExport}>
                  Cancel
                </Button>
              </>
            )}
          </Group>
        )}
        <Problem error={error} title="This could not be saved" />
        <Group gap="xs">
          <FileButton
            multiple
            resetRef={reset}
            onChange={(files) => {
              // Else the same files could not be chosen again.
              reset.current?.();
              if (files.length === 0) return;
              // What could not be saved may have come in.
              forget();
              results.takeIn(files, true);
            }}
          >
            {(props) => (
              <Button size="xs" variant="default" loading={results.isBusy} {...props}>
                Import results
              </Button>
            )}
          </FileButton>
          <Text size="xs" c="dimmed" maw={640}>
            Files of runs (JSON) hold results with all ranks and policies, never the data itself. Another studio, or this one,
            imports them again; and models, experiments, and what the command line writes.
          </Text>
        </Group>
        <TakenResults taken={results.taken} error={results.error} />
      </Stack>
    </Card>
  );
}
