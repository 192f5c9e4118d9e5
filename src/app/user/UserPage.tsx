import { Alert, Anchor, Button, CopyButton, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { Link, useLocation, useSearchParams } from 'wouter';
import { selectionMetric } from '../../engine/evaluation/metrics.ts';
import { database } from '../../state/database.ts';
import type { RunRow } from '../../storage/database.ts';
import { runLabels } from '../shared/series.ts';
import { runsToLookAt } from '../shared/trials.ts';
import { FRESH, policiesLink, readAddress, type UserAddress, writeAddress } from './address.ts';
import { OneUser } from './OneUser.tsx';
import './user.css';

/** Milliseconds for which it is said where a copied link opens. */
const COPIED = 5000;

/** Which epoch’s model the page asks. */
const epochWords = ({ configuration, result }: RunRow): string =>
  result === null
    ? ''
    : `Epoch ${result.bestEpoch}: the best by ${configuration.fineTuning.selectOn} ${selectionMetric(result.test)}.`;

/** One user of one run: what the model reads of them, their gates, and what would be recommended under others. */
export default function UserPage() {
  const [, navigate] = useLocation();
  const [search, setSearch] = useSearchParams();
  const runs = useLiveQuery(() => database.runs.toArray(), []);
  if (runs === undefined) return null;
  const withPolicy = runsToLookAt(runs);
  const labels = runLabels(withPolicy);
  const asked = readAddress(search);
  const run = asked.run === null ? withPolicy.at(-1) : withPolicy.find(({ id }) => id === asked.run);
  const address: UserAddress = { ...asked, run: run?.id ?? asked.run };
  const go = (change: Partial<UserAddress>, replace = false) => setSearch(writeAddress({ ...address, ...change }), { replace });
  const link = (shown: UserAddress) =>
    `${location.origin}${location.pathname}#/user?${new URLSearchParams(writeAddress(shown)).toString()}`;
  const chooseRun = (id: number) => {
    const isSameData = withPolicy.find((other) => other.id === id)?.datasetId === run?.datasetId;
    const kept = isSameData ? { subject: address.subject, from: address.from } : { subject: null };
    setSearch(writeAddress({ ...address, ...FRESH, ...kept, run: id }));
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="xs">
        <div style={{ flex: '1 1 360px' }}>
          {run !== undefined && (
            <Anchor component={Link} href={policiesLink(run.id, address.truth)} size="sm">
              ← Back to the policies of this run
            </Anchor>
          )}
          <Title order={1} size="h3">
            One user
          </Title>
          <Text c="dimmed">
            What the model reads of a user, which blocks it keeps for them and which it re-learned, and what if one decided
            otherwise.
          </Text>
        </div>
        {withPolicy.length > 0 && (
          <CopyButton value={link(address)} timeout={COPIED}>
            {({ copied, copy }) => (
              <Stack gap={4}>
                <Group gap="xs" align="flex-end">
                  <NativeSelect
                    size="xs"
                    label="Run"
                    value={String(run?.id ?? '')}
                    onChange={(event) => chooseRun(Number(event.currentTarget.value))}
                    data={[
                      ...(run === undefined ? [{ value: '', label: 'choose a run' }] : []),
                      ...withPolicy.map(({ id, datasetName }) => ({
                        value: String(id),
                        label: `${labels.get(id)} · ${datasetName}`,
                      })),
                    ]}
                  />
                  <Button size="xs" variant="default" onClick={copy} w={96} px={0}>
                    {copied ? 'Copied' : 'Copy link'}
                  </Button>
                </Group>
                <Text size="xs" c="dimmed" role="status" className="figures">
                  {copied ? 'It opens in this browser, where the run is stored.' : run && epochWords(run)}
                </Text>
              </Stack>
            )}
          </CopyButton>
        )}
      </Group>
      {withPolicy.length === 0 ? (
        <Group>
          <Text>No finished run has policies yet: UAF methods make them.</Text>
          <Button onClick={() => navigate('/train')}>Train UAF-Hard</Button>
        </Group>
      ) : run === undefined ? (
        <Alert color="orange" title={`There is no run ${asked.run} with a policy in this browser`} role="alert">
          Runs stay in the browser that made them: a link brings back a view where its run is. Choose another run above.
        </Alert>
      ) : (
        <OneUser key={run.id} run={run} address={address} go={go} />
      )}
    </Stack>
  );
}
