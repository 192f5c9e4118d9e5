import { Alert, Button, Card, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useLiveQuery } from 'dexie-react-hooks';
import { useDeferredValue, useMemo, useState } from 'react';
import { freeName } from '../../data/freeName.ts';
import { ServiceError } from '../../services/clients.ts';
import { bytesToRead, keyOf, nameAmong } from '../../services/dropped.ts';
import type { Problem, ReadRequest } from '../../services/protocol.ts';
import { database } from '../../state/database.ts';
import { askToKeep } from '../../state/keeping.ts';
import { usePreferences } from '../../state/preferences.ts';
import { roomOfDataset, roomOfFiles } from '../../storage/importRoom.ts';
import { asError } from '../shared/asError.ts';
import { RoomForecast } from '../shared/RoomForecast.tsx';
import { TakenResults } from '../shared/TakenResults.tsx';
import { useImports } from '../shared/useAnswer.ts';
import { useTakeIn } from '../shared/useTakeIn.ts';
import { FileDrop } from './FileDrop.tsx';
import { FileFormatCard } from './FileFormatCard.tsx';
import { datasetName, type ImportFile, unorderedIn, uploadOf, usedIn } from './files.ts';
import { ProblemAlert } from './ProblemAlert.tsx';
import { FilterStep } from './steps/FilterStep.tsx';
import { ReadStep } from './steps/ReadStep.tsx';
import { StoreStep } from './steps/StoreStep.tsx';
import { NOTHING_FILTERED, settingsOf } from './steps/settings.ts';
import { useImporting } from './steps/useImporting.ts';
import { useImportFiles } from './useImportFiles.ts';
import { useVerdictInSight } from './useVerdictInSight.ts';

/** Milliseconds in which a filter may be changed further before its effect is asked for. */
const PATIENCE = 250;

/** From dropped files to a stored dataset: recognise, correct, read, filter, import. Nothing is stored before the last. */
export function ImportPanel({ onDone }: { onDone: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const { ref, tell } = useVerdictInSight();
  const fail = (error: unknown) => {
    setProblem(error === null ? null : problemOf(error));
    if (error !== null) tell();
  };
  const { files, leftOut, isReading, add, correct, change, reset, choose, remove, exchange } = useImportFiles(fail);
  const results = useTakeIn();
  const [chosenName, setName] = useState<string | null>(null);
  const taken = useLiveQuery(async () => (await database.datasets.toArray()).map((row) => row.name));
  const name = chosenName ?? freeName(datasetName(files), taken ?? []);
  const [draft, setDraft] = useState(NOTHING_FILTERED);
  const request = requestOf(files);
  const recognising = isReading || results.isBusy;
  const { standing, read, store, cancel } = useImporting(request, requestKey(files), !recognising, fail);

  const task = request?.target.format.format === 'labels' ? 'profile' : 'ranking';
  const settings = settingsOf(draft, task);
  const [asked] = useDebouncedValue(settings, PATIENCE);
  const isRead = standing.step === 'read' || standing.step === 'storing';
  const effectKey = standing.step === 'read' ? `${standing.reading} ${JSON.stringify(asked)}` : null;
  const effect = useImports(effectKey, (service) => service.effect(asked));
  const waiting = effect.waiting || JSON.stringify(asked) !== JSON.stringify(settings);

  const left = effect.value?.after?.figures;
  const needed = left === undefined ? roomOfFiles(usedIn(files)) : roomOfDataset(left);
  const importNow = async () => {
    setProblem(null);
    askToKeep();
    const id = await store(name, settings);
    if (id === null) return;
    usePreferences.getState().chooseDataset(id);
    onDone();
  };
  const readNow = (skipBadRows: boolean) => {
    setProblem(null);
    return read(skipBadRows);
  };
  /** Bad rows of the optional files are met while the dataset is stored: then that goes on. */
  const skip = async () => {
    const wasStoring = isRead;
    if ((await readNow(true)) && wasStoring) await importNow();
  };

  /** Results of runs, by their contents, are taken in at once; everything else is shown first. */
  const drop = async (dropped: readonly File[]) => {
    const others = await results.takeIn(dropped);
    if (others.length > 0) await add(others);
    tell();
  };

  const busy = recognising || standing.step === 'storing';
  // Previews and filters are long: a click is answered first, and they are drawn again after it, piece by piece.
  const isHeld = useDeferredValue(busy);
  // Filters and progress do not draw them again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the functions are others whenever the files are
  const cards = useMemo(
    () =>
      files.map((entry) => (
        <FileFormatCard
          key={keyOf(entry)}
          entry={entry}
          name={nameAmong(entry, files)}
          disabled={isHeld}
          impossible={task === 'profile' ? ['targetNames'] : []}
          onHint={(hint) => correct(entry, hint)}
          onChange={(recognition) => change(entry, recognition)}
          onReset={(isForgotten) => reset(entry, isForgotten)}
          onRole={(role) => choose(entry, role)}
          onRemove={() => remove(entry)}
        />
      )),
    [files, isHeld, task],
  );
  const unordered = useMemo(() => unorderedIn(files), [files]);
  const shown = problem ?? (effect.error === null ? null : problemOf(effect.error));
  return (
    <Card withBorder component="section" aria-label="Import">
      <Stack gap="md" ref={ref}>
        <FileDrop
          onDrop={drop}
          disabled={busy}
          loading={recognising}
          hasSource={uploadOf(files, 'source') !== null}
          hasTarget={uploadOf(files, 'target') !== null}
        />
        <TakenResults taken={results.taken} error={results.error} />
        {leftOut.length > 0 && (
          <Alert title="Not all of the archive is used">
            {leftOut.map((sentence, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and so one sentence
              <Text key={i} size="sm">
                {sentence}
              </Text>
            ))}
          </Alert>
        )}
        {cards}
        {request !== null && (
          <>
            <Group>
              <Button size="xs" variant="default" onClick={exchange} disabled={busy}>
                Exchange source and target
              </Button>
            </Group>
            <RoomForecast needed={needed} isEstimate />
            <ReadStep
              standing={standing}
              size={bytesToRead(request)}
              disabled={recognising}
              onRead={() => readNow(false)}
              onCancel={cancel}
            />
          </>
        )}
        {isRead && effect.error === null && (
          <>
            <FilterStep
              draft={draft}
              task={task}
              effect={effect.value}
              waiting={waiting}
              unordered={unordered}
              disabled={isHeld}
              onChange={setDraft}
            />
            <StoreStep
              name={name}
              standing={standing}
              possible={!recognising && effect.value !== undefined && (waiting || effect.value.after !== null)}
              onName={setName}
              onStore={importNow}
              onCancel={cancel}
            />
          </>
        )}
        {shown !== null && <ProblemAlert problem={shown} onSkip={skip} />}
        <Group>
          <Button variant="default" onClick={onDone} disabled={standing.step === 'storing'}>
            Close without importing
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

function requestOf(files: readonly ImportFile[]): ReadRequest | null {
  const [source, target] = [uploadOf(files, 'source'), uploadOf(files, 'target')];
  if (source === null || target === null) return null;
  return {
    source,
    target,
    sourceNames: uploadOf(files, 'sourceNames'),
    targetNames: uploadOf(files, 'targetNames'),
    attributes: uploadOf(files, 'attributes'),
    skipBadRows: false,
  };
}

/** Says which files are read, and how. */
const requestKey = (files: readonly ImportFile[]): string =>
  JSON.stringify(
    files.filter(({ role }) => role !== 'unused').map((entry) => [keyOf(entry), entry.role, entry.recognition.format]),
  );

const problemOf = (error: unknown): Problem =>
  error instanceof ServiceError ? error.problem : { name: 'Error', message: asError(error).message, cause: null, badRows: null };
