import { Anchor, Box, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { inDatasetOrder } from '../../analysis/rows.ts';
import { BlockShares } from '../../charts/BlockShares.tsx';
import type { RowOrder } from '../../services/protocol.ts';
import type { EpochRow, RunRow } from '../../storage/database.ts';
import { plantedIn, TruthPanels, TruthSentence, useRecovery } from '../policies/PlantedTruth.tsx';
import { TruthSwitch } from '../policies/TruthSwitch.tsx';
import { UserPolicies } from '../policies/UserPolicies.tsx';
import { Problem } from '../shared/Problem.tsx';
import { Term } from '../shared/Term.tsx';
import { usePolicies } from '../shared/useAnswer.ts';
import { shownEpoch } from './shown.ts';

interface LivePoliciesProps {
  readonly run: RunRow;
  /** How lists and charts beside it name the run. */
  readonly label: string;
  /** Of this run. */
  readonly epochs: readonly EpochRow[];
}

/** The policies of a run: while it goes on at its newest epoch, grey before the first; then at its best, which its results are of. */
export function LivePolicies({ run, label, epochs }: LivePoliciesProps) {
  const [truth, setTruth] = useState(false);
  const about = usePolicies('about', (service) => service.about(run.id));
  const shown = shownEpoch(run, epochs);
  const epoch = epochs.find((row) => row.epoch === shown);
  const planted = about.value && plantedIn(about.value.groupings);
  const order: RowOrder = truth && planted !== undefined ? { by: 'group', grouping: planted.key } : { by: 'dataset' };
  const picture = usePolicies(shown === 0 ? null : `${shown}`, (service) => service.picture(run.id, shown));
  const rows = usePolicies(shown === 0 ? null : `${shown} ${order.by}`, (service) => service.rows(run.id, shown, order));
  const newest = Math.max(shown, ...epochs.map((row) => row.epoch));
  const recovery = useRecovery(run.id, newest, truth && epoch !== undefined);
  const course = truth ? recovery.value : undefined;
  const users = about.value?.users ?? 0;
  const unsorted = useMemo(() => inDatasetOrder(users), [users]);
  if (about.value === undefined) return <Problem error={about.error} />;
  const isSoft = about.value.kind === 'soft';
  const sharesTitle = isSoft ? 'Mean gate' : 'Share on the fine-tuned block';
  return (
    <Card withBorder component="section" aria-label="Policies">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h5">
            <Term of="policy">Policies</Term> of {label}, {shown === 0 ? 'before the first epoch' : `epoch ${shown}`}
            {run.result === null ? '' : ' (the best)'}
          </Title>
          {planted !== undefined && epoch !== undefined && <TruthSwitch truth={truth} onChange={setTruth} />}
        </Group>
        {/* High enough for either, so that the picture stays where it is. */}
        <Box mih={44}>
          {course ? (
            <TruthSentence course={course} shown={shown} />
          ) : (
            <Text size="sm" c="dimmed">
              A row for each user, a column for each block: dark is <Term of="frozen">frozen</Term>, yellow{' '}
              <Term of="fineTuned">fine-tuned</Term>.
              {run.result === null
                ? ''
                : ` The results of this run are of epoch ${shown}, the best of ${epochs.length} on ${run.configuration.fineTuning.selectOn}.`}
            </Text>
          )}
        </Box>
        {epoch?.policy?.collapsed && <Alike run={run} epoch={shown} />}
        <Problem error={picture.error ?? rows.error ?? recovery.error} />
        <UserPolicies
          title={`Policies of ${label}, users by blocks`}
          runId={run.id}
          epoch={picture.value === undefined ? null : Number(picture.key)}
          bytes={picture.value ?? null}
          blocks={run.configuration.dilations.length}
          rows={rows.value ?? unsorted}
          show="probability"
          truth={truth}
          height={200}
        />
        {epoch?.policy && (
          <div>
            <Text size="sm">{sharesTitle}, of the users with a test target:</Text>
            <BlockShares
              title={`${sharesTitle}, users of the test instances`}
              rows={[
                {
                  key: 'epoch',
                  label: isSoft ? 'mean gate' : 'share',
                  isSoft,
                  shares: epoch.policy.utilisation.map((mean) => ({ mean, deviation: null })),
                  note: `epoch ${shown}`,
                },
              ]}
            />
          </div>
        )}
        {course && <TruthPanels course={course} shown={shown} />}
      </Stack>
    </Card>
  );
}

/** Everybody is treated alike: at first that is how training begins, at the end something to be mended. */
function Alike({ run, epoch }: { run: RunRow; epoch: number }) {
  const isGoingOn = run.status === 'running' || run.status === 'paused';
  return (
    <Text size="sm" fw={600}>
      At epoch {epoch} the policy is {isGoingOn && 'still '}the same for everyone. {isGoingOn && 'Training begins like this.'}
      {run.result !== null && (
        <Anchor component={Link} href={`/policies?run=${run.id}`} inherit underline="always">
          What to try
        </Anchor>
      )}
    </Text>
  );
}
