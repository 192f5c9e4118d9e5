import { Flex, Group, SimpleGrid, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import type { ModelInfo, SubjectTarget } from '../../services/protocol.ts';
import { GateStrip } from './GateStrip.tsx';
import { type ListLine, linesOf, type NamedRecommendation, rankWords, scoreDigits } from './lists.ts';
import { itemName, PART_WORDS, scoreText } from './words.ts';

interface ListsProps {
  readonly model: ModelInfo;
  readonly targets: readonly SubjectTarget[];
  readonly own: NamedRecommendation;
  readonly frozen: NamedRecommendation;
  readonly tuned: NamedRecommendation;
  readonly byHand: NamedRecommendation;
  /** Whether any gate is set by hand. */
  readonly isHandSet: boolean;
}

/** More gates do not fit beside the name of a policy. */
const MOST_BESIDE = 8;

/** What is recommended under four policies, side by side. */
export function Lists({ model, targets, own, frozen, tuned, byHand, isHandSet }: ListsProps) {
  const isLong = model.blocks > MOST_BESIDE;
  const lists = [
    { name: 'own policy', recommendation: own, note: null },
    { name: 'all frozen', recommendation: frozen, note: null },
    { name: 'all fine-tuned', recommendation: tuned, note: null },
    { name: 'by hand', recommendation: byHand, note: isHandSet ? null : 'as the own policy, until a gate is flipped' },
  ];
  const digits = scoreDigits(lists.map(({ recommendation }) => recommendation));
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
      {lists.map(({ name, recommendation, note }) => (
        <Stack key={name} gap={4} component="section" aria-label={`Top 5, ${name}`}>
          <Flex gap={6} justify="space-between" align={isLong ? 'flex-start' : 'center'} direction={isLong ? 'column' : 'row'}>
            <Title order={3} size="h6" style={{ whiteSpace: 'nowrap' }}>
              {name}
            </Title>
            <GateStrip gates={recommendation.policy} />
          </Flex>
          <ol style={{ margin: 0, padding: 0, listStyle: 'none' }}>
            {linesOf(recommendation, own, targets).map((line, i) => (
              <Line key={line.item.number} place={i + 1} line={line} task={model.task} digits={digits} />
            ))}
          </ol>
          {recommendation.target !== null && (
            <Text size="xs" className="figures">
              Target: {rankWords(recommendation.target, model)}; score {scoreText(recommendation.target.score, digits)}
            </Text>
          )}
          {note !== null && (
            <Text size="xs" c="dimmed">
              {note}
            </Text>
          )}
        </Stack>
      ))}
    </SimpleGrid>
  );
}

interface LineProps {
  readonly place: number;
  readonly line: ListLine;
  readonly task: ModelInfo['task'];
  readonly digits: number;
}

function Line({ place, line: { item, score, part, differs }, task, digits }: LineProps) {
  return (
    <Group component="li" gap={4} wrap="nowrap" align="baseline" className="figures" fz="xs" mb={3}>
      <Text size="xs" c="dimmed" w={18} component="span" style={{ whiteSpace: 'nowrap' }}>
        {place}
        {differs && (
          <span title="Not in the list under the own policy">
            {' '}
            ≠<VisuallyHidden> not in the list under the own policy</VisuallyHidden>
          </span>
        )}
      </Text>
      <Text size="xs" component="span" lineClamp={3} title={`id ${item.id}`} flex={1} miw={0} lh={1.35}>
        {part === null ? itemName(item) : <b>{itemName(item)}</b>}
        {part !== null && (
          <span
            style={{ whiteSpace: 'nowrap' }}
            title={
              task === 'profile' ? 'The class of this user' : `A target of this user, one of the ${PART_WORDS[part]} instances`
            }
          >
            {' '}
            ★ {PART_WORDS[part]}
          </span>
        )}
      </Text>
      <Text size="xs" component="span" w={34} ta="right">
        {scoreText(score, digits)}
      </Text>
    </Group>
  );
}
