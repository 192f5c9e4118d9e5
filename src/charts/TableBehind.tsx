import { Button, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';

interface TableBehindProps {
  readonly title: string;
  readonly head: readonly string[];
  /** The first of each row names it. Made only when they are asked for: there may be many. */
  readonly rows: () => readonly (readonly string[])[];
}

/** Pixels: longer tables are scrolled. */
const MOST_HEIGHT = 280;

/** The figures that a picture is drawn from, for those who ask. */
export function TableBehind({ title, head, rows }: TableBehindProps) {
  const [opened, { toggle }] = useDisclosure(false);
  return (
    <div>
      <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={opened} aria-label={`Table: ${title}`}>
        {opened ? 'Hide the table' : 'Show as a table'}
      </Button>
      {opened && (
        <Table.ScrollContainer minWidth={0} maxHeight={MOST_HEIGHT}>
          <Table aria-label={title} w="auto" fz="xs" verticalSpacing={2} className="figures">
            <Table.Thead>
              <Table.Tr>
                {head.map((word) => (
                  <Table.Th key={word}>{word}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows().map(([name, ...cells]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row">{name}</Table.Th>
                  {cells.map((cell, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the index is the column
                    <Table.Td key={i}>{cell}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </div>
  );
}
