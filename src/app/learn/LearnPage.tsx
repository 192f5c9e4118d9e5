import './learn.css';
import { Anchor, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { useEffect } from 'react';
import { Link, useSearchParams } from 'wouter';
import { Term } from '../shared/Term.tsx';
import { startTour } from '../shell/tour.ts';
import { Glossary } from './Glossary.tsx';
import { GumbelGates } from './GumbelGates.tsx';
import { NetworkFigure } from './NetworkFigure.tsx';
import { ReceptiveFields } from './ReceptiveFields.tsx';
import { RewardCurve } from './RewardCurve.tsx';
import { Section } from './Section.tsx';
import { UsersFigure } from './UsersFigure.tsx';
import { useStages } from './useStages.ts';

/** The sections after the first, as the list at the top names them. */
const SECTIONS = [
  { id: 'users', title: 'Three users, three policies' },
  { id: 'network', title: 'The network, in two stages' },
  { id: 'receptive', title: 'What a position can see' },
  { id: 'temperature', title: 'How a hard gate learns' },
  { id: 'reward', title: 'What a policy earns' },
  { id: 'glossary', title: 'Glossary' },
] as const;

const titleOf = (id: (typeof SECTIONS)[number]['id']): string => SECTIONS.find((section) => section.id === id)?.title ?? '';

/** The paper to touch: its figures, what its parameters do, and all its words. */
export default function LearnPage() {
  const [search] = useSearchParams();
  const term = search.get('term');
  const section = search.get('section');
  const calm = useReducedMotion();
  const stage = useStages(SECTIONS.length);
  const complete = stage === SECTIONS.length;
  useEffect(() => {
    if (!complete) return;
    const target = document.getElementById(term !== null ? `term-${term}` : `section-${section}`);
    target?.scrollIntoView({ block: term !== null ? 'center' : 'start', behavior: calm ? 'auto' : 'smooth' });
    if (term !== null) target?.focus({ preventScroll: true });
  }, [term, section, calm, complete]);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1} size="h3">
            Learn
          </Title>
          <Text c="dimmed" maw={720}>
            What personalised transfer learning is, with figures to touch. Point at a part, flip a gate, move a slider.
          </Text>
        </div>
        <Button onClick={startTour}>Take the tour</Button>
      </Group>
      <Section id="story" title="In five sentences">
        <List type="ordered" maw={760} spacing={4}>
          <List.Item>
            A recommender, <Term of="nextItNet">NextItNet</Term>, learns from a <Term of="sourceDomain">source domain</Term> where
            there is much data: this is <Term of="pretraining">pre-training</Term>.
          </List.Item>
          <List.Item>
            In the <Term of="targetDomain">target domain</Term> there is little, so one starts from the pre-trained model and goes
            on training it: <Term of="fineTuning">fine-tuning</Term>.
          </List.Item>
          <List.Item>
            The usual way fine-tunes the same parts for everybody, though some users have stayed as they were and others want
            something new.
          </List.Item>
          <List.Item>
            <Term of="uaf">UAF</Term> holds every <Term of="block">block</Term> twice, <Term of="frozen">frozen</Term> and{' '}
            <Term of="fineTuned">fine-tuned</Term>, and a <Term of="policyNetwork">policy network</Term> chooses between them, for
            each user.
          </List.Item>
          <List.Item>
            These choices, a user’s <Term of="policy">policy</Term>, can be looked at: they say what was kept and what was
            re-learned, and for whom.
          </List.Item>
        </List>
        <Group gap="md">
          <Anchor component={Link} href="/train" size="sm">
            Run the demo
          </Anchor>
          <Anchor component={Link} href="/policies" size="sm">
            Look at policies
          </Anchor>
          <Anchor component={Link} href="/data" size="sm">
            Bring your data
          </Anchor>
        </Group>
        <nav aria-label="On this page">
          <Group gap="md">
            <Text size="sm" c="dimmed">
              On this page:
            </Text>
            {SECTIONS.map(({ id, title }) => (
              <Anchor key={id} component={Link} href={`/learn?section=${id}`} size="sm">
                {title}
              </Anchor>
            ))}
          </Group>
        </nav>
      </Section>
      <Section id="users" title={titleOf('users')}>
        <Text maw={760}>
          All three have the same stack of <Term of="block">blocks</Term>. For each, another part of it stays as pre-training left
          it. Press a block to flip its <Term of="gate">gate</Term>.
        </Text>
        <UsersFigure />
      </Section>
      {stage > 1 && (
        <Section id="network" title={titleOf('network')}>
          <Text maw={760}>
            First the model learns to predict the next item of source sequences. Then each block gets a trainable copy, and a
            policy network that reads the same sequence chooses. Point at a part, or tap it.
          </Text>
          <NetworkFigure />
        </Section>
      )}
      {stage > 2 && (
        <Section id="receptive" title={titleOf('receptive')}>
          <Text maw={760}>
            A convolution looks at a few positions, <Term of="dilation">dilation</Term> steps apart; a stack of them sees further
            back. What lies before the <Term of="receptive">receptive field</Term> of the last position, the model cannot know.
          </Text>
          <ReceptiveFields />
        </Section>
      )}
      {stage > 3 && (
        <Section id="temperature" title={titleOf('temperature')}>
          <Text maw={760}>
            A gate of <Term of="hard">UAF-Hard</Term> is 0 or 1, and a step has no gradient. So{' '}
            <Term of="gumbel">Gumbel noise</Term> draws it, and the <Term of="straightThrough">gradient</Term> is that of a smooth
            version at <Term of="temperature">temperature τ</Term> (Eqs. 9-10).
          </Text>
          <GumbelGates />
        </Section>
      )}
      {stage > 4 && (
        <Section id="reward" title={titleOf('reward')}>
          <Text maw={760}>
            <Term of="reinforced">UAF-RL</Term> learns its policy from a <Term of="reward">reward</Term> (Eq. 13): for being
            right, less what the fine-tuned blocks cost.
          </Text>
          <RewardCurve />
        </Section>
      )}
      {stage > 5 && (
        <Section id="glossary" title={titleOf('glossary')}>
          <Text maw={760}>
            Wherever one of these words is underlined with dots, its explanation opens on hover, focus or a tap.
          </Text>
          <Glossary target={term} />
        </Section>
      )}
    </Stack>
  );
}
