import { Table, Text } from '@mantine/core';
import { Fragment } from 'react';
import type { PolicyEffects } from '../../../engine/inspection/effects.ts';
import { count, withError } from '../../format.ts';
import { metricLabel } from '../../shared/results.ts';
import { Term } from '../../shared/Term.tsx';
import { differenceWords, pWords, REPLACEMENT_WORDS, SIGNIFICANT } from './words.ts';

/** The test metrics under each of the policies, beside the own one. */
export function EffectsTable({ effects: { rows, users, of, candidates } }: { effects: PolicyEffects }) {
  const metrics = rows[0]?.metrics.map(({ name }) => name) ?? [];
  const isProfile = metrics.includes('accuracy');
  return (
    <div>
      <Table.ScrollContainer minWidth={260 + 240 * metrics.length}>
        <Table fz="sm" verticalSpacing={4} className="figures" aria-label="Test metrics under other policies">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>policy</Table.Th>
              {metrics.map((name) => (
                <Fragment key={name}>
                  <Table.Th>{metricLabel(name)}</Table.Th>
                  <Table.Th>difference to own</Table.Th>
                </Fragment>
              ))}
              <Table.Th ta="right">N</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ gates, n, users: measuredUsers, metrics: values }) => {
              const { label, note } = REPLACEMENT_WORDS[gates];
              return (
                <Table.Tr key={gates}>
                  <Table.Th fw={gates === 'own' ? 700 : 500}>
                    {label}
                    {note !== null && (
                      <Text size="xs" c="dimmed" fw={400}>
                        {note}
                      </Text>
                    )}
                  </Table.Th>
                  {values.map(({ name, measured, test }) => (
                    <Fragment key={name}>
                      <Table.Td>{withError(measured.value, measured.error)}</Table.Td>
                      <Table.Td fw={test !== null && test.p !== null && test.p < SIGNIFICANT ? 700 : 400}>
                        {test !== null && (
                          <>
                            {differenceWords(test.effect, test.standardError)}
                            <Text size="xs" c="dimmed">
                              {gates === 'hindsight' ? '' : test.p === null ? 'the same throughout' : pWords(test.p)}
                            </Text>
                          </>
                        )}
                      </Table.Td>
                    </Fragment>
                  ))}
                  <Table.Td ta="right">
                    {count(n)}
                    {measuredUsers < users && (
                      <Text size="xs" c="dimmed">
                        of {count(measuredUsers)} users
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed">
        {users === of ? `All ${count(of)} users` : `${count(users)} of ${count(of)} users, drawn at random,`} of the test
        instances; N: their test instances. Each difference is to the own policy on the same instances.{' '}
        {isProfile ? `One of ${candidates} classes.` : `Ranked among ${candidates} candidates.`} <Term of="error">±</Term> one
        standard error; <Term of="significance">p</Term> is two-sided, paired over instances, those of one user counted as a
        group; bold below .05. In hindsight nothing can be worse, so that p would say nothing.
      </Text>
    </div>
  );
}
