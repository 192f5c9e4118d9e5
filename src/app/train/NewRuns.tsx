import { Alert, Button, Card, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { PRESET_NAMES, PRESET_WORDS, type PresetName, presetFor } from '../../configuration/presets.ts';
import { receptiveField } from '../../configuration/receptiveField.ts';
import { flatten, type Value } from '../../configuration/schema.ts';
import { database } from '../../state/database.ts';
import { enqueue, useTraining } from '../../state/training.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { traitsOf } from '../../storage/traits.ts';
import { bytes, count, duration } from '../format.ts';
import { RunsForecast } from '../shared/RunsForecast.tsx';
import { Term } from '../shared/Term.tsx';
import type { AskedRun } from './asked.ts';
import { forecast } from './forecast.ts';
import { MethodChoice } from './MethodChoice.tsx';
import { ParameterFields } from './ParameterFields.tsx';
import { parseSeeds } from './parameters.ts';
import { plan } from './plan.ts';
import { ReleasedSwitches } from './ReleasedSwitches.tsx';
import { NO_SEARCH, SearchFields } from './SearchFields.tsx';
import { useGpuPlan } from './useGpuPlan.ts';
import { Warnings } from './Warnings.tsx';

/** Beyond this, a tab is likely to be killed rather than to finish. */
const TOO_MUCH = 3e9;

interface NewRunsProps {
  readonly dataset: DatasetRow;
  /** What a link asked for, to begin with. */
  readonly asked: AskedRun | null;
}

/** Methods × seeds on the dataset in use, and what they will take, before they start. */
export function NewRuns({ dataset, asked }: NewRunsProps) {
  const [methods, setMethods] = useState<string[]>(
    asked === null ? ['most-popular', 'finetune-all', 'uaf-hard'] : [asked.method],
  );
  const [presetName, setPresetName] = useState<PresetName>(asked?.preset ?? 'quick');
  const [seeds, setSeeds] = useState(String(asked?.seed ?? 1));
  const [changes, setChanges] = useState<Record<string, Value>>(asked === null ? {} : { ...asked.changes });
  const [search, setSearch] = useState(NO_SEARCH);
  const [queueing, setQueueing] = useState(false);
  const earlier = useLiveQuery(() => database.runs.where({ datasetId: dataset.id, status: 'finished' }).toArray(), [dataset.id]);
  const backend = useTraining((state) => state.backend);
  const preset = presetFor(presetName, traitsOf(dataset));
  const planned = plan({ preset, changes, methods, seeds: parseSeeds(seeds), search }, dataset);
  const { configurations, problem } = planned;
  const base = flatten(preset);
  const change = (wanted: Readonly<Record<string, Value>>) => {
    const next = Object.entries({ ...changes, ...wanted });
    setChanges(Object.fromEntries(next.filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(base[key]))));
  };
  const forecasts = configurations.map((c) => forecast(c, dataset.figures, earlier ?? [], backend?.name ?? null));
  const gpu = useGpuPlan(configurations, dataset, backend?.name === 'webgpu');
  const shape = configurations[0];
  const most = Math.max(0, ...forecasts.map((f) => f.bytes));
  const trained = forecasts.filter((f) => f.steps > 0);
  const known = trained.length > 0 && trained.every((f) => f.seconds !== null);
  const largest = gpu.plan?.largestBinding ?? 0;
  const isTooLarge = backend !== null && backend.largestTable !== null && largest > backend.largestTable;
  const start = async () => {
    setQueueing(true);
    // The time of its start names a search.
    const name = planned.trials === null ? undefined : `search ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
    await enqueue(
      dataset,
      configurations.map((configuration) => ({ configuration, preset: presetName, search: name })),
    );
    setQueueing(false);
  };
  return (
    // A card cuts what it holds, and with it the part that stays in sight.
    <Card withBorder component="section" aria-label="New runs" style={{ overflow: 'visible' }}>
      <Stack gap="sm">
        <Title order={2} size="h5">
          New runs on {dataset.name}
        </Title>
        <MethodChoice methods={methods} onChange={setMethods} />
        <div>
          <SegmentedControl
            size="xs"
            aria-label="Preset"
            value={presetName}
            onChange={(name) => {
              setPresetName(name);
              setChanges({});
            }}
            data={PRESET_NAMES.map((name) => ({ value: name, label: `preset ${name}` }))}
          />
          <Text size="xs" c="dimmed" mt={4}>
            {PRESET_WORDS[presetName]}
          </Text>
        </div>
        <TextInput
          size="xs"
          label={<Term of="seed">Seeds</Term>}
          aria-label="Seeds"
          description="One run for each method and seed."
          value={seeds}
          onChange={(event) => setSeeds(event.currentTarget.value)}
        />
        <ParameterFields preset={preset} changes={changes} onChange={setChanges} />
        <ReleasedSwitches preset={base} values={{ ...base, ...changes }} onChange={change} />
        <SearchFields draft={search} onChange={setSearch} trials={planned.trials} />
        {shape !== undefined && (
          <Text size="sm">
            The last position of the trunk sees{' '}
            {Math.min(shape.sequenceLength, receptiveField(shape.dilations, shape.kernelSize))} of {shape.sequenceLength}{' '}
            positions (<Term of="receptive">receptive field</Term>); N = {shape.dilations.length} blocks.
          </Text>
        )}
        {problem !== null ? (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        ) : (
          // The button below does not move while one presses it: there is room for what the planner says later.
          <Text size="sm" className="figures" mih={{ base: 100, sm: 60 }}>
            {configurations.length} run{configurations.length === 1 ? '' : 's'},{' '}
            {count(forecasts.reduce((sum, f) => sum + f.steps, 0))} steps at most; {bytes(most)} for parameters and Adam’s
            moments,{' '}
            {gpu.plan === null
              ? 'activations on top.'
              : `with activations at most ${bytes(gpu.plan.peakBytes)} of the GPU’s memory; up to ${count(gpu.plan.dispatches)} commands a step.`}{' '}
            {gpu.problem !== null && `The GPU’s memory could not be foretold: ${gpu.problem} `}
            {known
              ? `Fine-tuning took ${duration(forecasts.reduce((sum, f) => sum + (f.seconds ?? 0), 0))} last time, pre-training apart.`
              : 'How long it takes is measured in the first seconds.'}
          </Text>
        )}
        {configurations.length > 0 && <RunsForecast parts={[{ dataset, configurations }]} isSearch={planned.trials !== null} />}
        <Warnings warnings={planned.warnings} />
        {isTooLarge && (
          <Alert color="orange" title="This GPU cannot hold the model">
            Its largest table or activation has {bytes(largest)}; this GPU takes at most {bytes(backend.largestTable ?? 0)} in one
            piece. Choose fewer channels k or a smaller batch, filter rare items, or use WASM.
          </Alert>
        )}
        {most > TOO_MUCH && (
          <Alert color="orange" title="This may not fit">
            {bytes(most)} for parameters alone is more than a browser tab can usually have. Choose fewer channels k, or filter
            rare items.
          </Alert>
        )}
        <div className="start">
          {' '}
          <Button fullWidth onClick={start} disabled={configurations.length === 0} loading={queueing}>
            Start {configurations.length === 1 ? 'the run' : `${configurations.length} runs`}
          </Button>
        </div>
      </Stack>
    </Card>
  );
}
