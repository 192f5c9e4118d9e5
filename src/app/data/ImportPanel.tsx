import { Alert, Button, Card, Group, NumberInput, Progress, Stack, Text, TextInput } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useState } from 'react';
import { importing, progressListener, ServiceError, unwrap } from '../../services/clients.ts';
import type { Problem, ReadRequest } from '../../services/protocol.ts';
import { usePreferences } from '../../state/preferences.ts';
import { asError } from '../shared/asError.ts';
import { TakenResults } from '../shared/TakenResults.tsx';
import { useTakeIn } from '../shared/useTakeIn.ts';
import { FileFormatCard } from './FileFormatCard.tsx';
import { datasetName, keyOf, MOST_FILES, uploadOf } from './files.ts';
import { ProblemAlert } from './ProblemAlert.tsx';
import { useImportFiles } from './useImportFiles.ts';

/** From dropped files to a stored dataset: recognise, show, correct, import. */
export function ImportPanel({ onDone }: { onDone: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const fail = (error: unknown) => setProblem(error === null ? null : problemOf(error));
  const { files, leftOut, isReading, add, correct, change, reset, choose, remove, exchange } = useImportFiles(fail);
  const results = useTakeIn();
  const [chosenName, setName] = useState<string | null>(null);
  const name = chosenName ?? datasetName(files);
  const [minimumTargetItemCount, setMinimum] = useState(1);
  const [maximumTargetsPerUser, setMaximum] = useState(0);
  const [share, setShare] = useState<number | null>(null);
  const [source, target] = [uploadOf(files, 'source'), uploadOf(files, 'target')];

  const store = async (skipBadRows: boolean) => {
    if (source === null || target === null) return;
    setProblem(null);
    setShare(0);
    try {
      const { remote, call } = importing();
      const request: ReadRequest = {
        source,
        target,
        sourceNames: uploadOf(files, 'sourceNames'),
        targetNames: uploadOf(files, 'targetNames'),
        attributes: uploadOf(files, 'attributes'),
        skipBadRows,
      };
      const onProgress = progressListener((progress) => setShare(progress.share));
      unwrap(await call(remote.read(request, onProgress)));
      const settings = { minimumTargetItemCount, maximumTargetsPerUser };
      usePreferences.getState().chooseDataset(unwrap(await call(remote.store(name, settings, onProgress))));
      onDone();
    } catch (error) {
      fail(error);
    } finally {
      setShare(null);
    }
  };

  /** Results of runs, by their contents, are taken in at once; everything else is shown first. */
  const drop = async (dropped: readonly File[]) => {
    const others = await results.takeIn(dropped);
    if (others.length > 0) await add(others);
  };

  const busy = share !== null || isReading || results.isBusy;
  const isProfile = target?.format.format === 'labels';
  return (
    <Card withBorder component="section" aria-label="Import">
      <Stack gap="md">
        <Dropzone
          onDrop={drop}
          multiple
          disabled={busy}
          loading={isReading || results.isBusy}
          inputProps={{ 'aria-label': 'Files to import' }}
          p="lg"
        >
          <Text ta="center">{wishFor(source !== null, target !== null)}</Text>
          <Text ta="center" size="sm" c="dimmed">
            One file a domain with <code>user,item[,timestamp]</code> a row: text with any separator, JSON Lines, Parquet,
            RecBole’s <code>.inter</code>; or a user’s items on each line; or one file with a column that says of which domain a
            row is; or the two files of the PeterRec / UAF release; or interactions and a file of <code>user,label</code>, to
            predict who a user is. Each also as gzip, or several in a zip. Nothing is stored before you have seen what was
            recognised.
          </Text>
          <Text ta="center" size="sm" c="dimmed" mt={4}>
            If you have them: a file of <code>item,name</code> for each domain and one of <code>user,attribute…</code>, so that
            recommendations read as names, and policies can be split by what you know of the users. Of more than {MOST_FILES}{' '}
            files the last are taken.
          </Text>
          <Text ta="center" size="sm" c="dimmed" mt={4}>
            Results can be dropped here, too: files of runs, a <code>report.json</code> of the command line, models, experiments.
          </Text>
        </Dropzone>
        <TakenResults taken={results.taken} error={results.error} />
        {leftOut.length > 0 && (
          <Alert title="Not all of the archive is used">
            {leftOut.map((sentence) => (
              <Text key={sentence} size="sm">
                {sentence}
              </Text>
            ))}
          </Alert>
        )}
        {files.map((entry) => (
          <FileFormatCard
            key={keyOf(entry)}
            entry={entry}
            disabled={busy}
            impossible={isProfile ? ['targetNames'] : []}
            onHint={(hint) => correct(entry, hint)}
            onChange={(recognition) => change(entry, recognition)}
            onReset={(isForgotten) => reset(entry, isForgotten)}
            onRole={(role) => choose(entry, role)}
            onRemove={() => remove(entry)}
          />
        ))}
        {source !== null && target !== null && (
          <>
            <Group align="flex-end">
              <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} miw={260} />
              {!isProfile && (
                <>
                  <NumberInput
                    label="Fewest interactions of a target item"
                    description="rarer ones are dropped; 1 keeps all"
                    min={1}
                    value={minimumTargetItemCount}
                    onChange={(value) => typeof value === 'number' && setMinimum(value)}
                  />
                  <NumberInput
                    label="Most targets a user"
                    description="the first ones are kept; 0 keeps all"
                    min={0}
                    value={maximumTargetsPerUser}
                    onChange={(value) => typeof value === 'number' && setMaximum(value)}
                  />
                </>
              )}
            </Group>
            <Group>
              <Button onClick={() => store(false)} disabled={busy || name.trim() === ''}>
                Import
              </Button>
              <Button variant="default" onClick={exchange} disabled={busy}>
                Exchange source and target
              </Button>
              <Button variant="default" onClick={onDone} disabled={busy}>
                Cancel
              </Button>
            </Group>
          </>
        )}
        {share !== null && <Progress value={100 * share} aria-label="Share of the files that is read" />}
        {problem !== null && <ProblemAlert problem={problem} onSkip={() => store(true)} />}
      </Stack>
    </Card>
  );
}

/** What is to be dropped next. */
function wishFor(hasSource: boolean, hasTarget: boolean): string {
  if (hasSource && hasTarget) return 'Drop further files here, or click to choose them';
  return hasSource || hasTarget ? 'Now the other domain’s file' : 'Drop two files here, one a domain, or click to choose them';
}

const problemOf = (error: unknown): Problem =>
  error instanceof ServiceError ? error.problem : { name: 'Error', message: asError(error).message, cause: null, badRows: null };
