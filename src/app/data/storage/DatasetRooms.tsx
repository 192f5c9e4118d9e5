import { Anchor, Table } from '@mantine/core';
import { counted } from '../../../results/digits.ts';
import { ofDataset, ofRun, type Room } from '../../../storage/measure.ts';
import { WideTable } from '../../compare/WideTable.tsx';
import { bytes } from '../../format.ts';
import { cardId } from '../DatasetCard.tsx';

/** Brings its card into sight: there it can be deleted. */
function showCard(datasetId: number): void {
  const card = document.getElementById(cardId(datasetId));
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: 'start' });
}

/** Wide enough for all columns; narrower pages scroll. */
const WIDTH = 620;
const MOST_HEIGHT = 420;

/** What each dataset takes, with its runs; and what belongs to none. */
export function DatasetRooms({ room }: { room: Room }) {
  const rows = room.datasets
    .map((dataset) => {
      const runs = room.runs.filter(({ datasetId }) => datasetId === dataset.id);
      const ofRuns = runs.reduce((sum, run) => sum + ofRun(run), 0);
      return { dataset, runs: runs.length, ofRuns, total: ofDataset(dataset) + ofRuns };
    })
    .toSorted((a, b) => b.total - a.total);
  const others = [
    { name: 'Experiments', size: room.experiments },
    { name: 'Settings, and how files were read', size: room.settings },
    { name: 'Left behind, belongs to nothing', size: room.orphans },
    { name: 'Just written, or being written', size: room.beingWritten },
  ];
  return (
    <WideTable label="What datasets take" minWidth={WIDTH} maxHeight={MOST_HEIGHT}>
      <Table fz="sm" verticalSpacing={4} stickyHeader className="figures" aria-label="What datasets take">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Dataset</Table.Th>
            <Table.Th ta="right">together</Table.Th>
            <Table.Th ta="right">its data</Table.Th>
            <Table.Th ta="right">pre-trained models</Table.Th>
            <Table.Th ta="right">its runs</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ dataset, runs, ofRuns, total }) => (
            <Table.Tr key={dataset.id}>
              <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
                <Anchor component="button" type="button" inherit ta="left" onClick={() => showCard(dataset.id)}>
                  {dataset.name}
                </Anchor>
              </Table.Th>
              <Table.Td ta="right">{bytes(total)}</Table.Td>
              <Table.Td ta="right">{bytes(dataset.contents + dataset.file)}</Table.Td>
              <Table.Td ta="right">
                {bytes(dataset.pretrained)} ({dataset.models})
              </Table.Td>
              <Table.Td ta="right">
                {bytes(ofRuns)} ({counted(runs, 'run')})
              </Table.Td>
            </Table.Tr>
          ))}
          {others.map(({ name, size }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td ta="right">{size === 0 ? '–' : bytes(size)}</Table.Td>
              <Table.Td colSpan={3} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
