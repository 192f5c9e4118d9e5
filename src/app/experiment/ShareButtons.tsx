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
  const [encoded, setEncoded] = useState<{ readonly link: string | null; readonly of: string } | null>(null);
  const text = JSON.stringify(experiment);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text says when the experiment is another one
  useEffect(() => {
    let isCurrent = true;
    encodeExperiment(experiment).then((link) => isCurrent && setEncoded({ link, of: text }));
    return () => {
      isCurrent = false;
    };
  }, [text]);
  // That of an earlier plan is none: it would be copied in place of what is seen.
  const link = encoded?.of === text ? encoded.link : null;
  const hasNone = encoded?.of === text && encoded.link === null;
  const address = `${location.origin}${location.pathname}#${experimentLink({ kind: 'shared', link: link ?? '', on: [], from: 'link' })}`;
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
            {copied
              ? 'It carries the plan, and no data.'
              : hasNone
                ? 'A link cannot carry it: it is too large, or not complete.'
                : 'The command line runs the file, too.'}
          </Text>
        </div>
      )}
    </CopyButton>
  );
}
