import { Anchor, Card, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDeferredValue } from 'react';
import { Link } from 'wouter';
import { describeMethod } from '../../configuration/methods.ts';
import { PRESETS } from '../../configuration/presets.ts';
import { plannedRuns } from '../../experiments/experiment.ts';
import { experimentOf, TEMPLATES, type Template } from '../../experiments/templates.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { experimentLink } from './address.ts';
import './experiment.css';

/** A question is chosen first; what it runs is said before it is opened. */
export function TemplateCards({ datasets }: { datasets: readonly DatasetRow[] }) {
  return (
    <Stack gap="sm" component="section" aria-label="Begin with a question">
      <div>
        <Title order={2} size="h5">
          Begin with a question
        </Title>
        <Text size="sm" c="dimmed">
          The paper’s tables and figures, and what it leaves open. Everything can be changed before it is queued.
        </Text>
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
        {TEMPLATES.map((template) => (
          <TemplateCard key={template.id} template={template} datasets={datasets} />
        ))}
        <Card withBorder padding="sm" className="template">
          <Anchor
            component={Link}
            href={experimentLink({ kind: 'new', template: null, on: [], like: null, plan: null })}
            fw={600}
            size="sm"
          >
            A question of your own
          </Anchor>
          <Text size="sm">Any methods, seeds and settings.</Text>
        </Card>
      </SimpleGrid>
    </Stack>
  );
}

function TemplateCard({ template, datasets }: { template: Template; datasets: readonly DatasetRow[] }) {
  // The runs of all templates would be one long task: they are counted card by card, after the page is there.
  const isLater = useDeferredValue(true, false);
  const suits = datasets.some(({ task }) => template.tasks.includes(task));
  return (
    <Card withBorder padding="sm" className="template">
      <Anchor
        component={Link}
        href={experimentLink({ kind: 'new', template: template.id, on: [], like: null, plan: null })}
        fw={600}
        size="sm"
      >
        {template.title}
      </Anchor>
      <Text size="sm">{template.question}</Text>
      <Text size="xs" c="dimmed" mt={4} mih={18}>
        {isLater && contents(template)}
        {!suits && ` ${needs(template)}`}
      </Text>
    </Card>
  );
}

/** What a template cannot do without. */
function needs({ tasks }: Template): string {
  if (tasks.length > 1) return 'Needs a dataset.';
  return tasks[0] === 'profile' ? 'Needs a dataset with labels of users.' : 'Needs a dataset with items to be ranked.';
}

/** Methods are named where they are few. */
const MOST_NAMES = 3;

/** “33 runs: Finetune-All, UAF-Hard, UAF-RL; 9 settings, 3 seeds.” Not every method reads every setting: then it says why they are fewer. */
function contentsOf(template: Template): string {
  const experiment = experimentOf(template, 'quick', template.tasks[0]);
  const { methods, seeds, grid, variants } = experiment;
  const runs = seeds.length * plannedRuns({ ...experiment, seeds: [1] }, PRESETS.quick).length;
  const settings = grid.reduce((count, { values }) => count * values.length, Math.max(1, variants.length));
  const isFewer = runs < methods.length * settings * seeds.length;
  const names = methods.map((id) => describeMethod(id).label);
  const words = [...(settings > 1 ? [`${settings} settings`] : []), seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`];
  return `${runs} runs: ${methods.length <= MOST_NAMES ? names.join(', ') : `${methods.length} methods`}; ${words.join(', ')}${isFewer ? ' (fewer than their product, as not every method reads every setting)' : ''}.`;
}

/** Planned once a visit, when the cards are first looked at. */
const CONTENTS = new Map<string, string>();

function contents(template: Template): string {
  const known = CONTENTS.get(template.id) ?? contentsOf(template);
  CONTENTS.set(template.id, known);
  return known;
}
