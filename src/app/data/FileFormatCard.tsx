import { Badge, Card, Group, NativeSelect, ScrollArea, Stack, Switch, Table, Text } from '@mantine/core';
import type { FileFormat, Hint, LongFormat, TimeUnit } from '../../data/import/recognise.ts';
import { SEPARATORS } from '../../data/import/rows.ts';
import type { RecognisedFile } from '../../services/protocol.ts';
import { bytes } from '../format.ts';

interface FileFormatCardProps {
  readonly role: 'source' | 'target';
  readonly entry: RecognisedFile;
  readonly onChange: (entry: RecognisedFile) => void;
  /** The file has to be read anew: its format or separator is another one. */
  readonly onHint: (hint: Hint) => void;
}

const FORMAT_WORDS: Record<FileFormat['format'], string> = {
  long: 'One interaction a line',
  labels: 'One user with a label a line (predict the label: a profile task)',
  'pretraining-lines': 'Pre-training lines: the source items of a user on each line, padded with 0',
  'fine-tuning-lines': 'Fine-tuning lines: source items, a double comma, target items',
};

const FORMATS = ['long', 'labels', 'pretraining-lines', 'fine-tuning-lines'] as const;

/** A table with columns to choose; the others have lines. */
const isTable = (format: FileFormat): format is LongFormat => format.format === 'long' || format.format === 'labels';

const SEPARATOR_WORDS = { ',': 'comma', '\t': 'tab', ';': 'semicolon', ' ': 'space' } as const;

const UNITS: readonly { readonly value: TimeUnit; readonly label: string }[] = [
  { value: 'seconds', label: 'Unix seconds' },
  { value: 'milliseconds', label: 'Unix milliseconds' },
  { value: 'iso', label: 'ISO date' },
  { value: 'number', label: 'a number that orders' },
];

/** What a file was taken for, with its first rows, to be corrected before anything is stored. */
export function FileFormatCard({ role, entry, onChange, onHint }: FileFormatCardProps) {
  const { file, recognition } = entry;
  const { format } = recognition;
  return (
    <Card withBorder padding="sm" aria-label={`File of the ${role} domain`} component="section">
      <Stack gap="xs">
        <Group gap="xs">
          <Badge variant="light">{role}</Badge>
          <Text fw={600}>{file.name}</Text>
          <Text size="sm" c="dimmed">
            {bytes(file.size)}
          </Text>
        </Group>
        <Group gap="sm">
          <NativeSelect
            size="xs"
            label="Format"
            aria-label={`Format of the ${role} file`}
            data={FORMATS.map((value) => ({ value, label: FORMAT_WORDS[value] }))}
            value={format.format}
            onChange={(event) => onHint({ format: FORMATS.find((value) => value === event.currentTarget.value) })}
          />
          {isTable(format) && (
            <NativeSelect
              size="xs"
              label="Separator"
              aria-label={`Separator of the ${role} file`}
              data={SEPARATORS.map((value) => ({ value: SEPARATOR_WORDS[value], label: SEPARATOR_WORDS[value] }))}
              value={SEPARATOR_WORDS[format.separator]}
              onChange={(event) =>
                onHint({
                  format: format.format,
                  separator: SEPARATORS.find((value) => SEPARATOR_WORDS[value] === event.currentTarget.value),
                })
              }
            />
          )}
        </Group>
        {isTable(format) && (
          <Columns
            role={role}
            format={format}
            columns={recognition.columns}
            onChange={(changed) => onChange({ file, recognition: withFormat(recognition, changed) })}
          />
        )}
        <Preview recognition={recognition} />
      </Stack>
    </Card>
  );
}

/** Switching the header moves the first row in or out of the preview. */
function withFormat(recognition: RecognisedFile['recognition'], format: LongFormat): RecognisedFile['recognition'] {
  const was = isTable(recognition.format) && recognition.format.header;
  if (format.header === was) return { ...recognition, format };
  const { columns, preview } = recognition;
  return format.header
    ? { format, columns: preview[0], preview: preview.slice(1) }
    : { format, columns: columns.map((_, c) => `column ${c + 1}`), preview: [columns, ...preview] };
}

interface ColumnsProps {
  readonly role: string;
  readonly format: LongFormat;
  readonly columns: readonly string[];
  readonly onChange: (format: LongFormat) => void;
}

function Columns({ role, format, columns, onChange }: ColumnsProps) {
  const options = columns.map((name, c) => ({ value: String(c), label: name }));
  return (
    <Group align="flex-end" gap="sm">
      <NativeSelect
        size="xs"
        label="User"
        aria-label={`User column of the ${role} file`}
        data={options}
        value={String(format.user)}
        onChange={(event) => onChange({ ...format, user: Number(event.currentTarget.value) })}
      />
      <NativeSelect
        size="xs"
        label={format.format === 'labels' ? 'Label' : 'Item'}
        aria-label={`${format.format === 'labels' ? 'Label' : 'Item'} column of the ${role} file`}
        data={options}
        value={String(format.item)}
        onChange={(event) => onChange({ ...format, item: Number(event.currentTarget.value) })}
      />
      {format.format === 'long' && (
        <NativeSelect
          size="xs"
          label="Time"
          aria-label={`Time column of the ${role} file`}
          data={[{ value: '', label: 'none: order of rows' }, ...options]}
          value={format.time === null ? '' : String(format.time)}
          onChange={(event) =>
            onChange({ ...format, time: event.currentTarget.value === '' ? null : Number(event.currentTarget.value) })
          }
        />
      )}
      {format.time !== null && (
        <NativeSelect
          size="xs"
          label="Time is"
          aria-label={`Unit of time of the ${role} file`}
          data={UNITS.map(({ value, label }) => ({ value, label }))}
          value={format.timeUnit}
          onChange={(event) => {
            const unit = UNITS.find(({ value }) => value === event.currentTarget.value);
            if (unit !== undefined) onChange({ ...format, timeUnit: unit.value });
          }}
        />
      )}
      <Switch
        size="xs"
        label="The first line names the columns"
        checked={format.header}
        onChange={(event) => onChange({ ...format, header: event.currentTarget.checked })}
        pb={6}
      />
    </Group>
  );
}

function Preview({ recognition: { format, columns, preview } }: { recognition: RecognisedFile['recognition'] }) {
  const roleOf = (c: number): string | null => {
    if (!isTable(format)) return null;
    if (c === format.user) return 'user';
    if (c === format.item) return format.format === 'labels' ? 'label' : 'item';
    return c === format.time ? 'time' : null;
  };
  const heads = isTable(format)
    ? columns
    : format.format === 'fine-tuning-lines'
      ? ['source items', 'target items']
      : ['source items'];
  return (
    <ScrollArea.Autosize
      mah={180}
      type="auto"
      viewportProps={{ tabIndex: 0, 'aria-label': 'First rows of the file', role: 'region' }}
    >
      <Table fz="xs" verticalSpacing={2} striped>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head, c) => (
              <Table.Th key={head} c={isTable(format) && roleOf(c) === null ? 'dimmed' : undefined}>
                {head}
                {roleOf(c) !== null && (
                  <Badge size="xs" ml={4} variant="outline">
                    {roleOf(c)}
                  </Badge>
                )}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.map((row, r) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a file have no other name than their place
            <Table.Tr key={r}>
              {row.map((field, c) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <Table.Td key={c} style={{ whiteSpace: 'nowrap', maxWidth: 480, overflow: 'hidden', textOverflow: 'ellipsis' }}>
                  {field}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
