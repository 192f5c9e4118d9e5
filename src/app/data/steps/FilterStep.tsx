import { Alert, Grid, Loader, Stack, Text, Title } from '@mantine/core';
import { memo } from 'react';
import type { TargetTask } from '../../../data/dataset.ts';
import type { FilterEffect } from '../../../services/protocol.ts';
import { Doubts } from '../shape/Doubts.tsx';
import { doubtsOf } from '../shape/doubts.ts';
import { ShapeFigures } from '../shape/ShapeFigures.tsx';
import { EffectTable } from './EffectTable.tsx';
import { FilterFields } from './FilterFields.tsx';
import type { FilterDraft } from './settings.ts';

interface FilterStepProps {
  readonly draft: FilterDraft;
  readonly task: TargetTask;
  /** The newest that is known, which may be of filters before these; undefined before there is any. */
  readonly effect: FilterEffect | undefined;
  /** Whether the effect of these filters is still to come. */
  readonly waiting: boolean;
  /** Names of the files whose rows have neither times nor an order; the same list as long as it is. */
  readonly unordered: readonly string[];
  readonly disabled: boolean;
  readonly onChange: (draft: FilterDraft) => void;
}

/** Filters, and at once what they would leave; nothing is stored by it. Drawn again only when something of it is another: progress is not. */
export const FilterStep = memo(function FilterStep({
  draft,
  task,
  effect,
  waiting,
  unordered,
  disabled,
  onChange,
}: FilterStepProps) {
  return (
    <Stack gap="sm" component="section" aria-label="Filters and their effect">
      <Title order={3} size="h5">
        Filters, and what they leave
      </Title>
      {effect === undefined ? (
        <Text size="sm" role="status">
          Counting what was read…
        </Text>
      ) : (
        <>
          <FilterFields draft={draft} task={task} span={effect.span} disabled={disabled} onChange={onChange} />
          <Told effect={effect} waiting={waiting} task={task} unordered={unordered} />
        </>
      )}
    </Stack>
  );
});

interface SeenProps extends Pick<FilterStepProps, 'task' | 'unordered'> {
  readonly effect: FilterEffect;
}

function Told({ effect, waiting, task, unordered }: SeenProps & { waiting: boolean }) {
  const { reason } = effect;
  return (
    <Stack gap="sm" style={{ opacity: waiting ? 0.6 : 1 }} aria-busy={waiting}>
      <Text size="sm" role="status" mih={22}>
        {waiting ? (
          <>
            Counting what these filters leave… <Loader size={12} aria-hidden />
          </>
        ) : (
          'What these filters leave. Nothing is stored before you import.'
        )}
      </Text>
      {effect.leftOut.map((sentence, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and so one sentence
        <Text key={i} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {sentence}
        </Text>
      ))}
      {reason !== null && (
        <Alert color="red" role="alert" title="These filters leave nothing to train on">
          {reason}
        </Alert>
      )}
      <Seen effect={effect} task={task} unordered={unordered} />
    </Stack>
  );
}

/** Drawn again only when there is another effect: not while one types. */
const Seen = memo(function Seen({ effect: { before, after }, task, unordered }: SeenProps) {
  return (
    <>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <EffectTable before={before} after={after} task={task} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          {after !== null && (
            <ShapeFigures shape={after.shape} before={after === before ? null : before.shape} task={task} columns={2} />
          )}
        </Grid.Col>
      </Grid>
      {after !== null && <Doubts doubts={doubtsOf({ ...after, task, scenario: null, unordered })} />}
    </>
  );
});
