import { Alert, Button, Card, Group, List, NumberInput, Progress, Stack, Text, TextInput } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useState } from 'react';
import type { Hint } from '../../data/import/recognise.ts';
import { importing, ServiceError, shareListener, unwrap } from '../../services/clients.ts';
import type { ImportRequest, Problem, RecognisedFile } from '../../services/protocol.ts';
import { usePreferences } from '../../state/preferences.ts';
import { assignDomains, datasetName } from './domains.ts';
import { FileFormatCard } from './FileFormatCard.tsx';

/** From two dropped files to a stored dataset: recognise, show, correct, import. */
export function ImportPanel({ onDone }: { onDone: () => void }) {
  const [files, setFiles] = useState<readonly RecognisedFile[]>([]);
  const [chosenName, setName] = useState<string | null>(null);
  const name = chosenName ?? datasetName(files);
  const [minimumTargetItemCount, setMinimum] = useState(1);
  const [maximumTargetsPerUser, setMaximum] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [share, setShare] = useState<number | null>(null);

  const fail = (error: unknown) => {
    const plain = { name: 'Error', message: error instanceof Error ? error.message : String(error), cause: null, badRows: null };
    setProblem(error instanceof ServiceError ? error.problem : plain);
  };

  const add = async (dropped: File[]) => {
    setProblem(null);
    try {
      const { remote, call } = importing();
      const recognised: RecognisedFile[] = [];
      for (const file of dropped) recognised.push({ file, recognition: unwrap(await call(remote.recognise(file))) });
      // The files of before may have changed while these were read.
      setFiles((before) => assignDomains([...before, ...recognised].slice(-2)));
    } catch (error) {
      fail(error);
    }
  };

  /** Reads a file once more, with what the user knows better. */
  const correct = async (file: File, hint: Hint) => {
    setProblem(null);
    try {
      const { remote, call } = importing();
      const recognition = unwrap(await call(remote.recognise(file, hint)));
      setFiles((before) => before.map((entry) => (entry.file === file ? { file, recognition } : entry)));
    } catch (error) {
      fail(error);
    }
  };

  const store = async (skipBadRows: boolean) => {
    const [source, target] = files.map(({ file, recognition }) => ({ file, format: recognition.format }));
    const request: ImportRequest = {
      name,
      source,
      target,
      settings: { minimumTargetItemCount, maximumTargetsPerUser },
      skipBadRows,
    };
    setProblem(null);
    setShare(0);
    try {
      const { remote, call } = importing();
      usePreferences.getState().chooseDataset(unwrap(await call(remote.importFiles(request, shareListener(setShare)))));
      onDone();
    } catch (error) {
      fail(error);
    } finally {
      setShare(null);
    }
  };

  const busy = share !== null;
  const profile = files.some(({ recognition }) => recognition.format.format === 'labels');
  return (
    <Card withBorder component="section" aria-label="Import">
      <Stack gap="md">
        <Dropzone onDrop={add} multiple disabled={busy} inputProps={{ 'aria-label': 'Files to import' }} p="lg">
          <Text ta="center">
            {files.length === 1 ? 'Now the other domain’s file' : 'Drop two files here, or click to choose them'}
          </Text>
          <Text ta="center" size="sm" c="dimmed">
            One file a domain with <code>user,item[,timestamp]</code> on each line (comma, tab, semicolon or space; gzip is fine),
            or the two files of the PeterRec / UAF release; or interactions and a file of <code>user,label</code>, to predict who
            a user is. Of more than two files the last two are taken. Nothing is stored before you have seen what was recognised.
          </Text>
        </Dropzone>
        {files.map((entry, i) => (
          <FileFormatCard
            key={`${entry.file.name} ${entry.file.size} ${entry.file.lastModified}`}
            role={i === 0 ? 'source' : 'target'}
            entry={entry}
            onHint={(hint) => correct(entry.file, hint)}
            onChange={(changed) => setFiles(files.map((other, j) => (j === i ? changed : other)))}
          />
        ))}
        {files.length === 2 && (
          <>
            <Group align="flex-end">
              <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} miw={260} />
              {!profile && (
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
              <Button variant="default" onClick={() => setFiles(files.toReversed())} disabled={busy}>
                Exchange source and target
              </Button>
              <Button variant="default" onClick={onDone} disabled={busy}>
                Cancel
              </Button>
            </Group>
          </>
        )}
        {busy && <Progress value={100 * share} aria-label="Share of the files that is read" />}
        {problem !== null && <ProblemAlert problem={problem} onSkip={() => store(true)} />}
      </Stack>
    </Card>
  );
}

/** What is wrong, and, for single bad rows, which they are and the way to go on without them. */
function ProblemAlert({ problem, onSkip }: { problem: Problem; onSkip: () => void }) {
  const { badRows } = problem;
  return (
    <Alert color="red" title="Nothing was stored" role="alert">
      <Text>{problem.message}</Text>
      {badRows !== null && badRows.good > 0 && (
        <>
          <List size="sm" my="xs">
            {badRows.named.map(({ line, what }) => (
              <List.Item key={line}>
                {badRows.file}, line {line}: {what}
              </List.Item>
            ))}
          </List>
          <Button size="xs" color="red" variant="light" onClick={onSkip}>
            Skip {badRows.count === 1 ? 'this row' : `these ${badRows.count} rows`} and import the others
          </Button>
        </>
      )}
    </Alert>
  );
}
