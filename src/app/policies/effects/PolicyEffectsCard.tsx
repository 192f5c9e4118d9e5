import { Alert, Button, Card, Group, Progress, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import type { PolicyEffects } from '../../../engine/inspection/effects.ts';
import { inspecting, shareListener } from '../../../services/clients.ts';
import type { RunRow } from '../../../storage/database.ts';
import { Term } from '../../shared/Term.tsx';
import { askInspection } from '../../shared/useAnswer.ts';
import { useBroughtInSight } from '../../shared/useBroughtInSight.ts';
import { EffectsTable } from './EffectsTable.tsx';
import { Hypothesis } from './Hypothesis.tsx';
import { sizesFor } from './sizes.ts';
import { verdict } from './words.ts';

interface PolicyEffectsCardProps {
  readonly run: RunRow;
  /** Finished runs: among them one of Finetune-CLS is looked for. */
  readonly finished: readonly RunRow[];
  /** What the run is called. */
  readonly label: string;
  /** Users with a test target; null where that is not known. */
  readonly tested: number | null;
}

/** The honest test of “per user”: what becomes of the test metrics when users get other policies than their own. */
export function PolicyEffectsCard({ run, finished, label, tested }: PolicyEffectsCardProps) {
  const ref = useBroughtInSight<HTMLElement>(new URLSearchParams(useSearch()).get('at') === 'effects');
  return (
    <Card withBorder component="section" aria-label="Does the policy matter?" ref={ref} style={{ scrollMarginTop: 64 }}>
      <Stack gap="sm">
        <div>
          <Title order={2} size="h5">
            Does the policy matter?{' '}
            <Text span inherit fw={400} c="dimmed">
              {label}
              {run.result === null ? '' : `, epoch ${run.result.bestEpoch} (the best)`}
            </Text>
          </Title>
          <Text size="sm" c="dimmed">
            The test instances once more, with other <Term of="policy">policies</Term> in place of each user’s own. If somebody
            else’s serves a user as well, the policy is not personal.
          </Text>
        </div>
        <Measuring key={run.id} run={run} tested={tested} />
        <Hypothesis key={`hypothesis ${run.id}`} run={run} finished={finished} />
      </Stack>
    </Card>
  );
}

type State =
  | { readonly is: 'idle' | 'stopped' }
  | { readonly is: 'measuring'; readonly share: number }
  | { readonly is: 'failed'; readonly message: string };

const stop = () => inspecting().call(inspecting().remote.stop());

function Measuring({ run, tested }: Pick<PolicyEffectsCardProps, 'run' | 'tested'>) {
  const sizes = sizesFor(tested);
  const [wanted, setWanted] = useState<string | null>(null);
  const size = sizes.find(({ value }) => value === wanted) ?? sizes[0];
  const [state, setState] = useState<State>({ is: 'idle' });
  /** The newest result stays while the next one is measured. */
  const [effects, setEffects] = useState<PolicyEffects | null>(null);
  const isMeasuring = useRef(false);
  // Nobody waits for it on another page, or for another run.
  useEffect(
    () => () => {
      if (isMeasuring.current) stop();
    },
    [],
  );
  const measure = async () => {
    isMeasuring.current = true;
    setState({ is: 'measuring', share: 0 });
    // The last of these messages may come after the answer.
    let isOver = false;
    const onShare = shareListener((share) => {
      if (!isOver) setState({ is: 'measuring', share });
    });
    try {
      setEffects(await askInspection((remote) => remote.effects(run.id, size.most, onShare)));
      setState({ is: 'idle' });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      setState(error.name === 'StoppedError' ? { is: 'stopped' } : { is: 'failed', message: error.message });
    } finally {
      isOver = true;
      isMeasuring.current = false;
    }
  };
  return (
    <>
      <Group gap="sm">
        {sizes.length > 1 ? (
          <SegmentedControl
            size="xs"
            aria-label="How many users with a test target"
            value={size.value}
            onChange={setWanted}
            data={sizes.map(({ value, label }) => ({ value, label }))}
            disabled={state.is === 'measuring'}
          />
        ) : (
          <Text size="sm">Of {size.label} with a test target</Text>
        )}
        {state.is === 'measuring' ? (
          <Button size="xs" variant="default" onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button size="xs" onClick={measure}>
            {effects === null ? 'Measure it' : 'Measure it again'}
          </Button>
        )}
        <div style={{ flex: 1, minWidth: 120 }}>
          {state.is === 'measuring' && (
            <Progress value={100 * state.share} aria-label="Share of the measuring that is done" transitionDuration={0} />
          )}
          {state.is === 'stopped' && (
            <Text size="sm" role="status">
              Stopped.
            </Text>
          )}
        </div>
      </Group>
      {state.is === 'failed' && (
        <Alert color="red" title="It could not be measured" role="alert">
          {state.message}
        </Alert>
      )}
      {effects !== null && (
        <>
          <div role="status">
            {verdict(effects).map((sentence) => (
              <Text key={sentence} size="sm">
                {sentence}
              </Text>
            ))}
          </div>
          <EffectsTable effects={effects} />
        </>
      )}
    </>
  );
}
