import type { RunRow } from '../../storage/database.ts';

/** Ids of users as one writes them: a line, or a comma or semicolon, between two. Each once. */
export const userIds = (text: string): string[] =>
  Array.from(
    new Set(
      text
        .split(/[\n,;]/)
        .map((id) => id.trim())
        .filter((id) => id !== ''),
    ),
  );

/** What a file of a run is called: `uaf-hard seed 1 run 3`. */
export const runName = ({ id, configuration: { method, seed } }: RunRow): string => `${method} seed ${seed} run ${id}`;
