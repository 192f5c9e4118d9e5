import { Button, Group, Input, NativeSelect, NumberInput, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo, useState } from 'react';
import { inspecting, shareListener } from '../../services/clients.ts';
import { database } from '../../state/database.ts';
import type { RunRow } from '../../storage/database.ts';
import { fileName } from '../shared/download.ts';
import { runLabels } from '../shared/series.ts';
import { Term } from '../shared/Term.tsx';
import { askInspection, askResults, useInspection } from '../shared/useAnswer.ts';
import { runName, userIds } from './exportNames.ts';
import { modelLack, usersLack } from './lacks.ts';
import type { useSaving } from './useSaving.ts';

interface RunExportsProps {
  /** Finished runs; at least one. */
  readonly runs: readonly RunRow[];
  readonly saving: ReturnType<typeof useSaving>;
}

/** Ends what is being made of lists or vectors. */
export const stopExport = () => inspecting().call(inspecting().remote.stopExport());

/** What can be saved of one run: its model, and what it says about users. */
export function RunExports({ runs, saving: { what, save, forget } }: RunExportsProps) {
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
  const kept = useKept(run);
  const noModel = kept === undefined ? null : modelLack(run, kept.model);
  const noUsers = kept === undefined ? null : usersLack(run, kept.model, kept.contents);
  const example = useExample(whose === 'some' && kept !== undefined && noUsers === null ? run : null);
  const users = whose === 'all' ? 'all' : userIds(ids);
  const isBusy = what !== null || kept === undefined;
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
          onChange={(event) => {
            setChosen(Number(event.currentTarget.value));
            // It was about another run.
            forget();
          }}
          data={choices}
          maw={340}
        />
        <Button
          size="xs"
          variant="default"
          disabled={isBusy || noModel !== null}
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
          disabled={isBusy || lacksUsers || noUsers !== null}
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
          disabled={isBusy || lacksUsers || isPopular || noUsers !== null}
          onClick={() =>
            save('The user vectors', named('vectors', 'csv'), (onShare) =>
              askInspection((service) => service.exportVectors(run.id, users, shareListener(onShare))),
            )
          }
        >
          User vectors (CSV)
        </Button>
      </Group>
      {(noUsers !== null || isPopular) && (
        <Text size="sm" maw={720}>
          {noUsers ?? 'MostPop scores every user alike: it has no user vectors.'}
        </Text>
      )}
      {whose === 'some' && (
        <Textarea
          size="xs"
          label="Ids of users"
          description={`One a line, or with commas between them; users with target items. They are called as in your files${example === null ? '; users of files without ids are line-1, line-2, …' : `: for example ${example}`}.`}
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
        <Term of="policy">policy</Term>, as the page of one user shows them. Items that a user has already are not left out of the
        lists.
      </Text>
    </Stack>
  );
}

/** What is here of a run beside its results; undefined while that is looked up. */
function useKept({ id, datasetId }: RunRow) {
  const found = useLiveQuery(async () => {
    const [models, dataset] = await Promise.all([
      database.models.where('runId').equals(id).count(),
      database.datasets.get(datasetId),
    ]);
    return { id, model: models > 0, contents: dataset?.hasContents === true };
  }, [id, datasetId]);
  // Of the run that was chosen before.
  return found?.id === id ? found : undefined;
}

/** A user of a run's dataset; null until one is known, and for runs without policies: only their users can be looked up. */
function useExample(run: RunRow | null): string | null {
  const id = run?.result?.policy ? run.id : null;
  const key = id === null ? null : `a user of run ${id}`;
  const found = useInspection(key, (service) => service.findUsers(id ?? 0, ''));
  return (found.key === key && found.value?.[0]) || null;
}
