import { Alert, Anchor, List, Text } from '@mantine/core';
import { useLiveQuery } from 'dexie-react-hooks';
import { Link, useLocation } from 'wouter';
import type { ResultsTaken } from '../../services/protocol.ts';
import { database } from '../../state/database.ts';
import { Problem } from './Problem.tsx';
import { WorkspaceStatus } from './WorkspaceStatus.tsx';

interface TakenResultsProps {
  readonly taken: ResultsTaken | null;
  readonly error: Error | null;
}

/** What came in of files of results, and where it is now. */
export function TakenResults({ taken, error }: TakenResultsProps) {
  const [path] = useLocation();
  if (taken === null) {
    return (
      <>
        <Problem error={error} title="No results were taken in" />
        {/* There it has a place of its own. */}
        {path !== '/data' && path !== '/' && <WorkspaceStatus />}
      </>
    );
  }
  const refused = taken.files.filter((file) => file.refused);
  const others = taken.files.filter((file) => !file.refused);
  return (
    <>
      {refused.length > 0 && (
        <Alert
          color="red"
          role="alert"
          title={`${refused.length === 1 ? 'A file was' : `${refused.length} files were`} not taken in`}
        >
          <Files files={refused} />
        </Alert>
      )}
      {others.length > 0 && (
        <Alert color="green" role="status" title="Results">
          <Files files={others} />
          <Experiments ids={taken.experiments} />
          {taken.runs.length > 0 && path !== '/compare' && (
            <Anchor component={Link} href="/compare" size="sm">
              Compare runs
            </Anchor>
          )}
          {taken.runs.length > 0 && path !== '/data' && (
            <Anchor component={Link} href="/data" size="sm">
              See their datasets
            </Anchor>
          )}
        </Alert>
      )}
    </>
  );
}

/** Links to experiments that came in: they stand on another page than their runs. */
function Experiments({ ids }: { ids: readonly number[] }) {
  const rows = useLiveQuery(() => database.experiments.bulkGet([...ids]), [ids]);
  return rows?.map(
    (row) =>
      row !== undefined && (
        <Anchor key={row.id} component={Link} href={`/experiment?id=${row.id}`} size="sm" display="block">
          See “{row.experiment.name}”
        </Anchor>
      ),
  );
}

const Files = ({ files }: { files: ResultsTaken['files'] }) => (
  <List size="sm" style={{ overflowWrap: 'anywhere' }}>
    {files.map(({ name, words }) => (
      <List.Item key={`${name} ${words}`}>
        <Text span inherit fw={600}>
          {name}
        </Text>
        : {words}
      </List.Item>
    ))}
  </List>
);
