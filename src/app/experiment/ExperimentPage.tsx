import { Anchor, Loader, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { type ReactNode, useMemo } from 'react';
import { Link, useSearch } from 'wouter';
import { TEMPLATES } from '../../experiments/templates.ts';
import { database } from '../../state/database.ts';
import { usePreferences } from '../../state/preferences.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { experimentLink, type PlanSource, readAddress } from './address.ts';
import { begunAt } from './begun.ts';
import { ExperimentList } from './ExperimentList.tsx';
import { NewPlan } from './NewPlan.tsx';
import { OneExperiment } from './OneExperiment.tsx';
import { OpenFile } from './OpenFile.tsx';
import { Shared } from './Shared.tsx';
import { TemplateCards } from './TemplateCards.tsx';

/** Experiments: a list of them, one that is watched, or one that is being planned, as the address says. */
export default function ExperimentPage() {
  const search = useSearch();
  const address = readAddress(new URLSearchParams(search));
  const begun = begunAt(search, history.state);
  const inUse = usePreferences((state) => state.datasetId);
  const datasets = useLiveQuery(() => database.datasets.toArray(), []);
  // Those that came with results from elsewhere have nothing to train on.
  const trainable = useMemo(() => datasets?.filter(({ hasContents }) => hasContents), [datasets]);
  if (trainable === undefined) return <Loader aria-label="Loading experiments" />;
  switch (address.kind) {
    case 'list':
      return <Overview datasets={trainable} />;
    case 'one':
      return <OneExperiment key={address.id} id={address.id} />;
    case 'shared':
      return (
        <Below title={TITLES[address.from]}>
          <Shared key={begun} address={address} datasets={trainable} inUse={inUse} />
        </Below>
      );
    case 'new': {
      const template = TEMPLATES.find(({ id }) => id === address.template);
      return (
        <Below title={template?.title ?? 'New experiment'} words={template?.question}>
          <NewPlan key={begun} address={address} datasets={trainable} inUse={inUse} />
        </Below>
      );
    }
  }
}

/** Of a whole plan, by where it came from. */
const TITLES: Readonly<Record<PlanSource, string>> = {
  link: 'Shared experiment',
  file: 'Experiment from a file',
  here: 'Another experiment like yours',
};

/** The experiments there are, and how to begin one. */
function Overview({ datasets }: { datasets: readonly DatasetRow[] }) {
  return (
    <Stack gap="lg">
      <div>
        <Anchor component={Link} href="/train" size="sm">
          ← Back to Train
        </Anchor>
        <Title order={1} size="h3">
          Experiments
        </Title>
        <Text c="dimmed" maw={720}>
          An experiment is a question with a list of runs that answers it: methods × seeds × settings, on one dataset or several.
          It is queued as a whole, goes on after a reload, and can be handed on as a link.
        </Text>
      </div>
      <ExperimentList />
      <TemplateCards datasets={datasets} />
      <OpenFile />
    </Stack>
  );
}

/** What stands below the list of experiments. */
function Below({ title, words, children }: { title: string; words?: string; children: ReactNode }) {
  return (
    <Stack gap="md">
      <div>
        <Anchor component={Link} href={experimentLink({ kind: 'list' })} size="sm">
          ← All experiments
        </Anchor>
        <Title order={1} size="h3">
          {title}
        </Title>
        {words !== undefined && <Text c="dimmed">{words}</Text>}
      </div>
      {children}
    </Stack>
  );
}
