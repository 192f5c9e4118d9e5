import { Anchor, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { memo } from 'react';
import { Link } from 'wouter';
import { seedsWarning } from '../../results/claims/seedsWarning.ts';
import type { Verdict } from '../../results/claims.ts';
import { counted } from '../../results/digits.ts';
import { Problem } from '../shared/Problem.tsx';
import { Term } from '../shared/Term.tsx';
import { useResults } from '../shared/useAnswer.ts';
import { claimTestWords, isOfOneSeed } from './testWords.ts';
import { useOnRequest } from './useOnRequest.ts';

interface ClaimsProps {
  /** Oldest first. */
  readonly runs: readonly number[];
  /** Whether none of them was repeated with another seed. */
  readonly isSingle: boolean;
  /** See `versionOf`. */
  readonly version: string;
  /** The sampled protocol in words. */
  readonly sampledWords: string;
}

/** What the paper claims, each tested on the chosen runs. */
export const Claims = memo(function Claims({ runs, isSingle, version, sampledWords }: ClaimsProps) {
  const { key, isAsked, ask } = useOnRequest('claims', runs, version);
  const verdicts = useResults(key, (service) => service.claims(runs));
  const shown = verdicts.key === key ? verdicts.value : undefined;
  const few = shown === undefined ? null : seedsWarning(shown);
  const newest = runs.at(-1);
  if (newest === undefined) return null;
  return (
    <Card withBorder component="section" aria-label="Claims" aria-busy={verdicts.waiting}>
      <Stack gap="sm">
        <div>
          <Title order={2} size="h5">
            What the paper says, and what your runs say
          </Title>
          <Text size="sm" c="dimmed" maw={720}>
            Each claim is tested on the chosen runs. “Cannot be told” is an answer: there are too few runs, or their differences
            are within chance. Rankings are tested among the candidates ({sampledWords}), whatever is chosen above.
          </Text>
          {few !== null && (
            <Text size="sm" maw={720} mt={4}>
              {few}
            </Text>
          )}
          {shown?.some((verdict) => isOfOneSeed(verdict, isSingle)) && (
            <Text size="sm" maw={720} mt={4}>
              “One seed” marks what was trained once: another <Term of="seed">seed</Term> may say otherwise. Take it for a hint
              until three seeds agree.
            </Text>
          )}
        </div>
        <Problem error={verdicts.error} title="The claims could not be tested" />
        {!isAsked && (
          <Button size="xs" variant="default" w="fit-content" onClick={ask}>
            Test them on {runs.length.toLocaleString('en')} runs
          </Button>
        )}
        {verdicts.waiting && <Text size="sm">Testing …</Text>}
        {shown !== undefined && shown.length > 0 && (
          <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
            {shown.map((verdict) => (
              <ClaimItem key={verdict.claim.id} verdict={verdict} isHint={isOfOneSeed(verdict, isSingle)} newest={newest} />
            ))}
          </Stack>
        )}
      </Stack>
    </Card>
  );
});

/** Sign and word, so that colour tells nothing alone. */
const SIGNS: Readonly<Record<Verdict['answer'], { readonly sign: string; readonly colour: string }>> = {
  holds: { sign: '✓', colour: 'light-dark(var(--mantine-color-teal-9), var(--mantine-color-teal-4))' },
  'does not hold': { sign: '✗', colour: 'light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))' },
  'cannot be told': { sign: '?', colour: 'var(--mantine-color-dimmed)' },
};

interface ClaimItemProps {
  readonly verdict: Verdict;
  /** Whether one seed is all it rests on. */
  readonly isHint: boolean;
  /** The newest of the runs: further ones are planned like it. */
  readonly newest: number;
}

function ClaimItem({ verdict, isHint, newest }: ClaimItemProps) {
  const { claim, answer, words, tests, template } = verdict;
  const [opened, { toggle }] = useDisclosure(false);
  const { sign, colour } = SIGNS[answer];
  return (
    <Group component="li" align="flex-start" gap="sm" wrap="wrap">
      <Text w={136} size="sm" fw={isHint ? 400 : 600} c={isHint ? 'dimmed' : colour}>
        <span aria-hidden>{sign}</span> {answer}
        {isHint && ', one seed'}
      </Text>
      <div style={{ flex: '1 1 280px' }}>
        <Text size="sm" fw={500}>
          {claim.statement}{' '}
          <Text span inherit c="dimmed" fw={400}>
            ({claim.source})
          </Text>
        </Text>
        <Text size="sm">{words}</Text>
        <Group gap="sm">
          {tests.length > 0 && (
            <Button
              size="compact-xs"
              variant="subtle"
              px={0}
              onClick={toggle}
              aria-expanded={opened}
              aria-label={`Tests: ${claim.statement}`}
            >
              {opened ? 'Hide the tests' : counted(tests.length, 'test')}
            </Button>
          )}
          {template !== null && (
            <Anchor component={Link} href={`/experiment?new=${template}&like=${newest}`} size="xs">
              Run what would tell
            </Anchor>
          )}
        </Group>
        {opened && (
          <List size="xs" className="figures" mt={4}>
            {tests.map((test) => (
              <List.Item key={`${test.dataset} ${test.first} ${test.second} ${test.metric}`}>{claimTestWords(test)}</List.Item>
            ))}
          </List>
        )}
      </div>
    </Group>
  );
}
