import { Card, CloseButton, Group, NativeSelect, Stack, Text } from '@mantine/core';
import type { FileFormat, Hint, Recognition } from '../../data/import/recognise.ts';
import { ROLES, type Role } from '../../data/import/roles.ts';
import { SEPARATORS } from '../../data/import/rows.ts';
import { bytes } from '../format.ts';
import { FileColumns, type TableFormat } from './FileColumns.tsx';
import { FilePreview } from './FilePreview.tsx';
import { FILE_WORDS, type ImportFile, OF_WORDS, ROLE_WORDS } from './files.ts';

interface FileFormatCardProps {
  readonly entry: ImportFile;
  readonly disabled: boolean;
  /** Roles that make no sense beside the other files. */
  readonly impossible: readonly Role[];
  readonly onChange: (recognition: Recognition) => void;
  /** The file has to be read anew: its format or separator is another one. */
  readonly onHint: (hint: Hint) => void;
  readonly onRole: (role: Role) => void;
  readonly onRemove: () => void;
}

/** How files of interactions can be written. */
const FORMATS = ['long', 'labels', 'pretraining-lines', 'fine-tuning-lines'] as const;

const FORMAT_WORDS: Record<(typeof FORMATS)[number], string> = {
  long: 'One interaction a line',
  labels: 'One user with a label a line (predict the label: a profile task)',
  'pretraining-lines': 'Pre-training lines: the source items of a user on each line, padded with 0',
  'fine-tuning-lines': 'Fine-tuning lines: source items, a double comma, target items',
};

const SEPARATOR_WORDS = { ',': 'comma', '\t': 'tab', ';': 'semicolon', ' ': 'space' } as const;

const isTable = (format: FileFormat): format is TableFormat => 'separator' in format;

/** What a file is for and what it was taken for, with its first rows, to be corrected before anything is stored. */
export function FileFormatCard(props: FileFormatCardProps) {
  const { entry, disabled, impossible, onChange, onHint, onRole, onRemove } = props;
  const { file, recognition, role } = entry;
  const { format } = recognition;
  const of = FILE_WORDS[role];
  const isOfInteractions = role === 'source' || role === 'target';
  return (
    <Card withBorder padding="sm" aria-label={`File of ${OF_WORDS[role]}`} component="section">
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {file.name}{' '}
            <Text span size="sm" c="dimmed" fw={400}>
              {bytes(file.size)}
            </Text>
          </Text>
          <CloseButton size="sm" aria-label={`Take ${file.name} away`} onClick={onRemove} disabled={disabled} />
        </Group>
        <Group gap="sm">
          <NativeSelect
            size="xs"
            label="Used as"
            aria-label={`Use of ${file.name}`}
            data={ROLES.map((value) => ({ value, label: ROLE_WORDS[value], disabled: impossible.includes(value) }))}
            value={role}
            disabled={disabled}
            onChange={(event) => onRole(ROLES.find((value) => value === event.currentTarget.value) ?? role)}
          />
          {isOfInteractions && (
            <NativeSelect
              size="xs"
              label="Format"
              aria-label={`Format of the ${of}`}
              data={FORMATS.map((value) => ({ value, label: FORMAT_WORDS[value] }))}
              value={format.format}
              disabled={disabled}
              onChange={(event) => onHint({ format: FORMATS.find((value) => value === event.currentTarget.value) })}
            />
          )}
          {role !== 'unused' && isTable(format) && (
            <NativeSelect
              size="xs"
              label="Separator"
              aria-label={`Separator of the ${of}`}
              data={SEPARATORS.map((value) => ({ value: SEPARATOR_WORDS[value], label: SEPARATOR_WORDS[value] }))}
              value={SEPARATOR_WORDS[format.separator]}
              disabled={disabled}
              onChange={(event) =>
                onHint({
                  format: format.format,
                  separator: SEPARATORS.find((value) => SEPARATOR_WORDS[value] === event.currentTarget.value),
                })
              }
            />
          )}
        </Group>
        {role !== 'unused' && isTable(format) && (
          <FileColumns
            of={of}
            format={format}
            columns={recognition.columns}
            onChange={(changed) => onChange(withFormat(recognition, changed))}
          />
        )}
        <FilePreview recognition={recognition} isUsed={role !== 'unused'} height={isOfInteractions ? 180 : 120} />
      </Stack>
    </Card>
  );
}

/** Switching the header moves the first row in or out of the preview. */
function withFormat(recognition: Recognition, format: TableFormat): Recognition {
  const was = isTable(recognition.format) && recognition.format.header;
  if (format.header === was) return { ...recognition, format };
  const { columns, preview } = recognition;
  return format.header
    ? { format, columns: preview[0], preview: preview.slice(1) }
    : { format, columns: columns.map((_, c) => `column ${c + 1}`), preview: [columns, ...preview] };
}
