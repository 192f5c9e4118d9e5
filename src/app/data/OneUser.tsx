import { Text } from '@mantine/core';
import { type FileFormat, isTable } from '../../data/import/format.ts';
import { keyOf } from '../../services/dropped.ts';
import { useImports } from '../shared/useAnswer.ts';
import type { ImportFile } from './files.ts';

/** Says so where the column taken for the user is the same in all rows that are looked at, not only in the first ones. */
export function OneUser({ entry }: { entry: ImportFile }) {
  const { file, recognition } = entry;
  const { format, columns, preview } = recognition;
  const user = entry.role === 'unused' ? null : userOf(format);
  const isSame = user !== null && preview.length > 1 && preview.every((row) => row[user] === preview[0][user]);
  // Another separator makes another column of the same number.
  const key = isSame && isTable(format) ? `${keyOf(entry)} ${user} ${JSON.stringify(format.rows)}` : null;
  const { value, key: answered } = useImports(key, async (service) => {
    if (user === null || !isTable(format)) return { ok: true, value: [] };
    return service.words({ file, entry: entry.entry }, format.rows, user);
  });
  if (key === null || answered !== key || value?.length !== 1 || value[0] === '' || user === null) return null;
  return (
    <Text size="xs" c="red" role="status" style={{ overflowWrap: 'anywhere' }}>
      “{columns[user]}” is “{value[0]}” in every row that was looked at: as it is read now, the file has one user. Choose the
      column that says who it was, if there is one.
    </Text>
  );
}

/** The column of the user; null where rows are no events. */
function userOf(format: FileFormat): number | null {
  return format.format === 'long' || format.format === 'domains' || format.format === 'labels' ? format.user : null;
}
