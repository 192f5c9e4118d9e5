import { Button, CopyButton, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Experiment } from '../../experiments/experiment.ts';
import { encodeExperiment } from '../../experiments/share.ts';
import { download, fileName } from '../shared/download.ts';
import { experimentLink } from './address.ts';

/** Milliseconds for which it is said what a copied link carries. */
const COPIED = 5000;

/** A link, or a file, that brings the experiment elsewhere. */
export function ShareButtons({ experiment }: { experiment: Experiment }) {
  const [link, setLink] = useState<string | null>(null);
  const text = JSON.stringify(experiment);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text says when the experiment is another one
  useEffect(() => {
    let isCurrent = true;
    encodeExperiment(experiment).then((encoded) => isCurrent && setLink(encoded));
    return () => {
      isCurrent = false;
    };
  }, [text]);
  const address = `${location.origin}${location.pathname}#${experimentLink({ kind: 'shared', link: link ?? '' })}`;
  const save = () =>
    download(
      fileName(experiment.name, 'json'),
      new Blob([`${JSON.stringify(experiment, null, 2)}\n`], { type: 'application/json' }),
    );
  return (
    <CopyButton value={address} timeout={COPIED}>
      {({ copied, copy }) => (
        <div>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={copy} disabled={link === null} w={96} px={0}>
              {copied ? 'Copied' : 'Copy link'}
            </Button>
            <Button size="xs" variant="default" onClick={save}>
              Save as a file
            </Button>
          </Group>
          <Text size="xs" c="dimmed" role="status" mt={4} mih={18}>
            {copied ? 'It carries the plan, and no data.' : 'The command line runs the file, too.'}
          </Text>
        </div>
      )}
    </CopyButton>
  );
}
