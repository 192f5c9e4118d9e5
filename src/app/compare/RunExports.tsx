import { Button, Group, Input, NativeSelect, NumberInput, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useMemo, useState } from 'react';
import { inspecting, shareListener } from '../../services/clients.ts';
import type { RunRow } from '../../storage/database.ts';
import { fileName } from '../shared/download.ts';
import { runLabels } from '../shared/series.ts';
import { Term } from '../shared/Term.tsx';
import { askInspection, askResults } from '../shared/useAnswer.ts';
import { runName, userIds } from './exportNames.ts';
import type { useSaving } from './useSaving.ts';

interface RunExportsProps {
  /** Finished runs; at least one. */
  readonly runs: readonly RunRow[];
  readonly saving: ReturnType<typeof useSaving>;
}

/** Ends what is being made of lists or vectors. */
export const stopExport = () => inspecting().call(inspecting().remote.stopExport());

/** What can be saved of one run: its model, and what it says about users. */
export function RunExports({ runs, saving: { what, save } }: RunExportsProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [k, setK] = useState(10);
  const [whose, setWhose] = useState<'all' | 'some'>('all');
  const [ids, setIds] = useState('');
  const run = runs.find(({ id }) => id === chosen) ?? runs[0];
  // Not again at every letter of the ids.
  const choices = useMemo(() => {
    const labels = runLabels(runs);
    return runs.map(({ id, datasetName }) => ({ value: String(id), label: `${labels.get(id)} · ${datasetName}` }));
  }, [runs]);
  const users = whose === 'all' ? 'all' : userIds(ids);
  const isBusy = what !== null;
  const lacksUsers = users.length === 0;
  const isPopular = run.configuration.method === 'most-popular';
  const named = (kind: string, extension: string) => fileName(`${kind} ${runName(run)}`, extension);
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        <NativeSelect
          size="xs"
          label="Of one run"
          value={String(run.id)}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
          data={choices}
          maw={340}
        />
        <Button
          size="xs"
          variant="default"
          disabled={isBusy}
          onClick={() =>
            save('The model', named('model', 'safetensors'), () => askResults((service) => service.exportModel(run.id)))
          }
        >
          Model (safetensors)
        </Button>
      </Group>
      <Group align="flex-end">
        <Input.Wrapper size="xs" label="Users" labelElement="div" styles={{ label: { display: 'block' } }}>
          <SegmentedControl
            size="xs"
            aria-label="Users"
            value={whose}
            onChange={setWhose}
            data={[
              { value: 'all', label: 'all with targets' },
              { value: 'some', label: 'these' },
            ]}
          />
        </Input.Wrapper>
        <NumberInput
          size="xs"
          w={150}
          label="Items a user"
          min={1}
          max={1000}
          allowDecimal={false}
          value={k}
          onChange={(value) => typeof value === 'number' && setK(Math.min(1000, Math.max(1, value)))}
        />
        <Button
          size="xs"
          variant="default"
          disabled={isBusy || lacksUsers}
          onClick={() =>
            save('The lists', named(`top-${k}`, 'csv'), (onShare) =>
              askInspection((service) => service.exportLists(run.id, users, k, shareListener(onShare))),
            )
          }
        >
          Top-k lists (CSV)
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={isBusy || lacksUsers || isPopular}
          title={isPopular ? 'MostPop scores every user alike: it has no user vectors.' : undefined}
          onClick={() =>
            save('The user vectors', named('vectors', 'csv'), (onShare) =>
              askInspection((service) => service.exportVectors(run.id, users, shareListener(onShare))),
            )
          }
        >
          User vectors (CSV)
        </Button>
      </Group>
      {whose === 'some' && (
        <Textarea
          size="xs"
          label="Ids of users"
          description="One a line, or with commas between them; users with target items."
          autosize
          minRows={2}
          maxRows={8}
          maw={520}
          value={ids}
          onChange={(event) => setIds(event.currentTarget.value)}
        />
      )}
      <Text size="xs" c="dimmed" maw={720}>
        The model is what its best epoch left, for Python or for another studio. Lists and vectors are made under each user’s own{' '}
        <Term of="policy">policy</Term>, as the page of one user shows them.
      </Text>
    </Stack>
  );
}
