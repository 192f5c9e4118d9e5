import { Card, Grid, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { PRESET_NAMES, PRESET_WORDS, PRESETS, type PresetName } from '../../configuration/presets.ts';
import type { Experiment } from '../../experiments/experiment.ts';
import { experimentOf, TEMPLATES } from '../../experiments/templates.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { Term } from '../shared/Term.tsx';
import { MethodChoice } from '../train/MethodChoice.tsx';
import { ParameterFields } from '../train/ParameterFields.tsx';
import { parseSeeds } from '../train/parameters.ts';
import { type ExperimentAddress, experimentLink } from './address.ts';
import { DatasetChoice } from './DatasetChoice.tsx';
import { GridFields } from './GridFields.tsx';
import { inOrder, networkOf, type PolicyNetwork, withNetwork } from './methods.ts';
import { presetOn, withName } from './planned.ts';
import { Summary } from './Summary.tsx';
import { useKeptPlan } from './useKeptPlan.ts';
import { usePlanned } from './usePlanned.ts';
import { VariantList } from './VariantList.tsx';
import './experiment.css';

interface BuilderProps {
  readonly initial: Experiment;
  readonly initialDatasets: readonly number[];
  /** All that can be trained on. */
  readonly datasets: readonly DatasetRow[];
  /** The address at which the plan is found again. */
  readonly placeOf: (link: string, on: readonly number[]) => ExperimentAddress;
}

/** Plans an experiment: what it runs, on the left; what that comes to, on the right. */
export function Builder({ initial, initialDatasets, datasets, placeOf }: BuilderProps) {
  const [, navigate] = useLocation();
  const [name, setName] = useState(initial.name);
  const [content, setContent] = useState(initial);
  const [seeds, setSeeds] = useState(initial.seeds.join(', '));
  const [ids, setIds] = useState(initialDatasets);
  const chosen = useMemo(() => datasets.filter(({ id }) => ids.includes(id)), [datasets, ids]);
  const experiment = useMemo(() => ({ ...content, name }), [content, name]);
  const keep = useKeptPlan(experiment, ids, placeOf);
  const change = (changes: Partial<Experiment>) => setContent({ ...content, ...changes });
  const begin = async (template: string) => {
    // One step back leads to what is planned here.
    await keep();
    navigate(experimentLink({ kind: 'new', template: template || null, on: ids, like: null, plan: null }));
  };
  const [first] = chosen;
  const preset = first === undefined ? PRESETS[experiment.preset] : presetOn(experiment, first);
  const seedList = parseSeeds(seeds);
  // Hundreds of runs are planned and listed after what is typed is there, and not again at every letter of the name.
  const deferred = useDeferredValue(content);
  const { planned, isCurrent } = usePlanned(deferred, chosen);
  const changeSeeds = (text: string) => {
    setSeeds(text);
    const list = parseSeeds(text);
    if (list !== null) change({ seeds: list });
  };
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Card withBorder component="section" aria-label="Plan">
          <Stack gap="md">
            <TextInput
              size="xs"
              label="Name"
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <NativeSelect
              size="xs"
              label="Template"
              description="Another one begins anew, on the same datasets; one step back leads to this one."
              value={experiment.question ?? ''}
              onChange={(event) => begin(event.currentTarget.value)}
              data={[
                { value: '', label: 'a question of your own' },
                ...TEMPLATES.map(({ id, title }) => ({ value: id, label: title })),
              ]}
            />
            <DatasetChoice label="Datasets" datasets={datasets} ids={ids} onChange={setIds} />
            <PresetChoice preset={experiment.preset} onChange={(name) => change(withPreset(experiment, name, first))} />
            <MethodChoice methods={experiment.methods} onChange={(methods) => change({ methods: inOrder(methods) })} />
            <div>
              <Text size="sm" fw={600} mb={4}>
                <Term of="policyNetwork">Policy network</Term> of UAF-Hard, -Soft and -RL
              </Text>
              <SegmentedControl<PolicyNetwork>
                size="xs"
                aria-label="Policy network"
                value={networkOf(experiment.methods)}
                onChange={(network) => change({ methods: withNetwork(experiment.methods, network) })}
                data={[
                  { value: 'convolutions', label: 'dilated convolutions' },
                  { value: 'gru', label: 'GRU' },
                  { value: 'both', label: 'both' },
                ]}
              />
            </div>
            <TextInput
              size="xs"
              label={<Term of="seed">Seeds</Term>}
              aria-label="Seeds"
              description="One run for each method, setting and seed."
              value={seeds}
              error={seedList === null ? 'Whole numbers with commas between them' : undefined}
              onChange={(event) => changeSeeds(event.currentTarget.value)}
            />
            <div>
              <Text size="sm" fw={600} mb={4}>
                Settings of all runs
              </Text>
              <ParameterFields preset={preset} changes={experiment.changes} onChange={(changes) => change({ changes })} />
            </div>
            <GridFields grid={experiment.grid} onChange={(grid) => change({ grid })} />
            <VariantList variants={experiment.variants} onChange={(variants) => change({ variants })} />
          </Stack>
        </Card>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Summary
          experiment={experiment}
          planned={planned && withName(planned, name)}
          isReady={deferred === content && isCurrent}
          unreadable={seedList === null ? `Seeds: “${seeds}” is no list of whole numbers with commas between them.` : null}
        />
      </Grid.Col>
    </Grid>
  );
}

/** Another preset, with what the template changes of it: that may depend on the preset. */
function withPreset({ question }: Experiment, preset: PresetName, dataset: DatasetRow | undefined): Partial<Experiment> {
  const template = TEMPLATES.find(({ id }) => id === question);
  if (template === undefined) return { preset, changes: {} };
  const { changes, variants } = experimentOf(template, preset, dataset?.task ?? template.tasks[0]);
  return { preset, changes, variants };
}

function PresetChoice({ preset, onChange }: { preset: PresetName; onChange: (preset: PresetName) => void }) {
  return (
    <div>
      <SegmentedControl<PresetName>
        size="xs"
        aria-label="Preset"
        value={preset}
        onChange={onChange}
        data={PRESET_NAMES.map((name) => ({ value: name, label: `preset ${name}` }))}
      />
      <Text size="xs" c="dimmed" mt={4}>
        {PRESET_WORDS[preset].replace(' Each difference is a switch below.', '')}
      </Text>
    </div>
  );
}
