import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { database } from '../../state/database.ts';
import { type AskedRuns, lastingOf, roomOfRuns } from '../../storage/runRoom.ts';
import { RoomForecast } from './RoomForecast.tsx';

interface RunsForecastProps {
  /** Runs as they are asked for, by dataset. */
  readonly parts: readonly AskedRuns[];
  /** Whether they are trials of a search, of which one model a method is kept. */
  readonly isSearch: boolean;
}

/** What runs will take on disk, before they start. */
export function RunsForecast({ parts, isSearch }: RunsForecastProps) {
  const ids = parts.map(({ dataset }) => dataset.id);
  const kept = useLiveQuery(() => database.pretrainings.where('datasetId').anyOf(ids).primaryKeys(), [ids.join(' ')]);
  const room = useMemo(() => (kept === undefined ? null : roomOfRuns(parts, kept, isSearch)), [parts, kept, isSearch]);
  if (room === null) return null;
  return (
    <RoomForecast
      needed={lastingOf(room) + room.checkpoint}
      passing={room.checkpoint}
      advice="Choose fewer epochs, methods or seeds, or fewer channels k."
    />
  );
}
