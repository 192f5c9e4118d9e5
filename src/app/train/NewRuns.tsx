import { Alert, Button, Card, Checkbox, SegmentedControl, Stack, Text, TextInput, Title, Tooltip } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { describeMethod, METHOD_DESCRIPTIONS } from '../../configuration/methods.ts';
import { PRESET_NAMES, PRESET_WORDS, type PresetName, presetFor } from '../../configuration/presets.ts';
import { receptiveField } from '../../configuration/receptiveField.ts';
import { type Configuration, complete, nest, type Value } from '../../configuration/schema.ts';
import { database } from '../../state/database.ts';
import { enqueue, useTraining } from '../../state/training.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { bytes, count, duration } from '../format.ts';
import { Term } from '../shared/Term.tsx';
import { scenarioOf } from './demo.ts';
import { forecast } from './forecast.ts';
import { ParameterFields } from './ParameterFields.tsx';
import { parseList } from './parameters.ts';

/** Beyond this, a tab is likely to be killed rather than to finish. */
const TOO_MUCH = 3e9;

/** Methods × seeds on the dataset in use, and what they will take, before they start. */
export function NewRuns({ dataset }: { dataset: DatasetRow }) {
  const [methods, setMethods] = useState<string[]>(['most-popular', 'finetune-all', 'uaf-hard']);
  const [presetName, setPresetName] = useState<PresetName>('quick');
  const [seeds, setSeeds] = useState('1');
  const [changes, setChanges] = useState<Record<string, Value>>({});
  const [queueing, setQueueing] = useState(false);
  const earlier = useLiveQuery(() => database.runs.where({ datasetId: dataset.id, status: 'finished' }).toArray(), [dataset.id]);
  const backend = useTraining((state) => state.backend?.name ?? null);
  const preset = presetFor(presetName, { scenario: scenarioOf(dataset) });
  const seedList = parseList(seeds);
  const planned = plan(preset, changes, methods, seedList ?? [], dataset);
  const configurations = planned.configurations ?? [];
  const forecasts = configurations.map((c) =>
    forecast(c, dataset.figures, describeMethod(c.method).policy !== null, earlier ?? [], backend),
  );
  const shape = configurations[0];
  const most = Math.max(0, ...forecasts.map((f) => f.bytes));
  const trained = forecasts.filter((f) => f.steps > 0);
  const known = trained.length > 0 && trained.every((f) => f.seconds !== null);
  const problem = seedList === null ? 'Seeds are whole numbers with commas between them.' : planned.problem;
  const start = async () => {
    setQueueing(true);
    await enqueue(
      dataset,
      configurations.map((configuration) => ({ configuration, preset: presetName })),
    );
    setQueueing(false);
  };
  return (
    <Card withBorder component="section" aria-label="New runs">
      <Stack gap="sm">
        <Title order={2} size="h5">
          New runs on {dataset.name}
        </Title>
        <Checkbox.Group label="Methods" value={methods} onChange={setMethods}>
          <Stack gap={6} mt={4}>
            {METHOD_DESCRIPTIONS.map(({ id, label, words }) => (
              <Tooltip key={id} label={words} position="right">
                <Checkbox size="xs" value={id} label={label} w="fit-content" />
              </Tooltip>
            ))}
          </Stack>
        </Checkbox.Group>
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
          <Text size="sm" className="figures">
            {configurations.length} run{configurations.length === 1 ? '' : 's'},{' '}
            {count(forecasts.reduce((sum, f) => sum + f.steps, 0))} steps at most; {bytes(most)} for parameters and Adam’s
            moments, activations on top.{' '}
            {known
              ? `Fine-tuning took ${duration(forecasts.reduce((sum, f) => sum + (f.seconds ?? 0), 0))} last time, pre-training apart.`
              : 'How long it takes is measured in the first seconds.'}
          </Text>
        )}
        {most > TOO_MUCH && (
          <Alert color="orange" title="This may not fit">
            {bytes(most)} for parameters alone is more than a browser tab can usually have. Choose fewer channels k, or filter
            rare items.
          </Alert>
        )}
        <Button onClick={start} disabled={configurations.length === 0} loading={queueing}>
          Start {configurations.length === 1 ? 'the run' : `${configurations.length} runs`}
        </Button>
      </Stack>
    </Card>
  );
}

/** The configurations asked for, or what is wrong with them. */
function plan(
  preset: Configuration,
  changes: Record<string, Value>,
  methods: readonly string[],
  seeds: readonly number[],
  dataset: DatasetRow,
): { configurations: Configuration[] | null; problem: string | null } {
  if (methods.length === 0) return { configurations: null, problem: 'Choose at least one method.' };
  try {
    const base = complete(complete(preset, nest(changes)), { dataset: dataset.settings });
    if (base.dataset.split === 'latest' && !dataset.timed) {
      return { configurations: null, problem: 'The split “latest” needs interactions with a time; this dataset has none.' };
    }
    // Seed by seed, so that the methods that share a pre-trained model follow each other.
    return { configurations: seeds.flatMap((seed) => methods.map((method) => complete(base, { method, seed }))), problem: null };
  } catch (error) {
    return { configurations: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
