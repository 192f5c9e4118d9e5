import { Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { MOST_FILES } from './files.ts';

interface FileDropProps {
  readonly onDrop: (files: readonly File[]) => void;
  readonly disabled: boolean;
  readonly loading: boolean;
  readonly hasSource: boolean;
  readonly hasTarget: boolean;
}

/** Where files are dropped, and what they may be. */
export function FileDrop({ onDrop, disabled, loading, hasSource, hasTarget }: FileDropProps) {
  return (
    <Dropzone
      onDrop={onDrop}
      multiple
      disabled={disabled}
      loading={loading}
      inputProps={{ 'aria-label': 'Files to import' }}
      p="lg"
    >
      <Text ta="center">{wishFor(hasSource, hasTarget)}</Text>
      <Text ta="center" size="sm" c="dimmed">
        One file a domain with <code>user,item[,timestamp]</code> a row: text with any separator, JSON Lines, Parquet, RecBole’s{' '}
        <code>.inter</code>; or a user’s items on each line; or one file with a column that says of which domain a row is; or the
        two files of the PeterRec / UAF release; or interactions and a file of <code>user,label</code>, to predict who a user is.
        Each also as gzip, or several in a zip. Nothing is stored before you have seen what was recognised.
      </Text>
      <Text ta="center" size="sm" c="dimmed" mt={4}>
        If you have them: a file of <code>item,name</code> for each domain and one of <code>user,attribute…</code>, so that
        recommendations read as names, and policies can be split by what you know of the users. Of more than {MOST_FILES} files
        the last are taken.
      </Text>
      <Text ta="center" size="sm" c="dimmed" mt={4}>
        Results can be dropped here, too: files of runs, a <code>report.json</code> of the command line, models, experiments.
      </Text>
    </Dropzone>
  );
}

/** What is to be dropped next. */
function wishFor(hasSource: boolean, hasTarget: boolean): string {
  if (hasSource && hasTarget) return 'Drop further files here, or click to choose them';
  return hasSource || hasTarget ? 'Now the other domain’s file' : 'Drop two files here, one a domain, or click to choose them';
}
