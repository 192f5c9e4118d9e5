import { Loader, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ofRun, totalOf } from '../../../storage/measure.ts';
import { bytes } from '../../format.ts';
import { Problem } from '../../shared/Problem.tsx';
import { DatasetRooms } from './DatasetRooms.tsx';
import { RunRooms } from './RunRooms.tsx';
import { useRoom } from './useRoom.ts';

/** What takes how much: by dataset, or by run. */
export default function RoomTables() {
  const { value: room, error } = useRoom();
  const [by, setBy] = useState<'dataset' | 'run'>('dataset');
  if (error !== null) return <Problem error={error} title="It could not be measured" />;
  if (room === undefined) return <Loader size="sm" aria-label="Measuring" />;
  return (
    <Stack gap="xs">
      <SegmentedControl<'dataset' | 'run'>
        size="xs"
        w="fit-content"
        aria-label="What takes how much"
        value={by}
        onChange={setBy}
        data={[
          { value: 'dataset', label: 'by dataset' },
          { value: 'run', label: 'by run' },
        ]}
      />
      {by === 'dataset' ? (
        <DatasetRooms room={room} />
      ) : (
        <RunRooms runs={room.runs.toSorted((a, b) => ofRun(b) - ofRun(a))} datasets={room.datasets} />
      )}
      <Text size="xs" c="dimmed" maw={760}>
        Measured: {bytes(totalOf(room))} in all. Sizes of arrays and files are exact; those of names, numbers and other text are
        an estimate of what the browser writes for them. The browser’s own figure also counts the studio itself, its bookkeeping,
        and what was deleted and not given back yet.
        {by === 'dataset' && ' Datasets are deleted on their cards above: their names lead there.'}
      </Text>
    </Stack>
  );
}
