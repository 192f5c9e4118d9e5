import { Button, Card, CloseButton, Fieldset, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { type FileFormat, isTable, type TableFormat } from '../../data/import/format.ts';
import type { Hint, Recognition } from '../../data/import/recognise.ts';
import { ROLES, type Role } from '../../data/import/roleNames.ts';
import { shownName } from '../../data/shownName.ts';
import { bytes } from '../format.ts';
import { FileColumns } from './FileColumns.tsx';
import { FilePreview } from './FilePreview.tsx';
import { FILE_WORDS, type ImportFile, OF_WORDS, ROLE_WORDS } from './files.ts';
import { OneUser } from './OneUser.tsx';
import { SeparatorField } from './SeparatorField.tsx';
import { SequenceFields } from './SequenceFields.tsx';

interface FileFormatCardProps {
  readonly entry: ImportFile;
  /** What it is called beside the others. */
  readonly name: string;
  readonly disabled: boolean;
  /** Roles that make no sense beside the other files. */
  readonly impossible: readonly Role[];
  readonly onChange: (recognition: Recognition) => void;
  /** The file has to be read anew: its format or separator is another one. */
  readonly onHint: (hint: Hint) => void;
  /** Back to what was recognised; and how files like it were corrected may be forgotten. */
  readonly onReset: (isForgotten: boolean) => void;
  readonly onRole: (role: Role) => void;
  readonly onRemove: () => void;
}

/** How files of interactions can be written. */
const FORMATS = ['long', 'labels', 'domains', 'sequences', 'pretraining-lines', 'fine-tuning-lines'] as const;

const FORMAT_WORDS: Record<(typeof FORMATS)[number], string> = {
  long: 'One interaction a row',
  labels: 'One user with a label a row (predict the label: a profile task)',
  domains: 'One interaction a row, with its domain',
  sequences: 'Sequences: a user’s items on each line, oldest first',
  'pretraining-lines': 'Pre-training lines: the source items of a user on each line, padded with 0',
  'fine-tuning-lines': 'Fine-tuning lines: source items, a double comma, target items',
};

/** Formats that have the domain in a column go with their own role. */
const formatsOf = (role: Role, format: FileFormat) =>
  FORMATS.filter((value) => {
    if ((value === 'domains') !== (role === 'both')) return false;
    const hasRows = value === 'long' || value === 'labels' || value === 'domains';
    return hasRows || !isTable(format) || format.rows.kind === 'delimited';
  });

/** What a file is for and what it was taken for, with its first rows, to be corrected before anything is stored. */
export function FileFormatCard(props: FileFormatCardProps) {
  const { entry, name, disabled, impossible, onChange, onHint, onReset, onRole, onRemove } = props;
  const { file, recognition, role } = entry;
  const { format, columns, preview, isWindows1252, rememberedAt } = recognition;
  const of = FILE_WORDS[role];
  const isOfInteractions = role === 'source' || role === 'target' || role === 'both';
  return (
    <Card withBorder padding="sm" aria-label={`File of ${OF_WORDS[role]}`} component="section">
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {name}{' '}
            <Text span size="sm" c="dimmed" fw={400}>
              {[containerWords(format), bytes(entry.entry?.size ?? file.size), entry.entry && `in ${shownName(file.name)}`]
                .filter(Boolean)
                .join(', ')}
            </Text>
          </Text>
          <CloseButton size="sm" aria-label={`Take ${name} away`} onClick={onRemove} disabled={disabled} />
        </Group>
        {isWindows1252 && <Text size="sm">Read as Windows-1252, because it is not UTF-8: look whether names are right.</Text>}
        {rememberedAt !== null && (
          <Group gap="xs">
            <Text size="sm">
              Read as you chose for a file like this on{' '}
              {new Date(rememberedAt).toLocaleDateString('en-GB', { dateStyle: 'medium' })}.
            </Text>
            <Button size="compact-xs" variant="default" disabled={disabled} onClick={() => onReset(false)}>
              Use what was recognised instead
            </Button>
            <Button size="compact-xs" variant="subtle" disabled={disabled} onClick={() => onReset(true)}>
              Forget that choice
            </Button>
          </Group>
        )}
        <Group gap="sm" align="flex-start">
          <NativeSelect
            size="xs"
            label="Used as"
            aria-label={`Use of ${name}`}
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
              data={formatsOf(role, format).map((value) => ({ value, label: FORMAT_WORDS[value] }))}
              value={format.format}
              disabled={disabled}
              onChange={(event) => onHint({ format: FORMATS.find((value) => value === event.currentTarget.value) })}
            />
          )}
          {role !== 'unused' && separatorOf(format) !== null && (
            <SeparatorField
              // Another format may bring another separator along.
              key={separatorOf(format)}
              of={of}
              value={separatorOf(format) ?? ','}
              disabled={disabled}
              onChange={(separator) => onHint({ format: format.format, separator })}
            />
          )}
        </Group>
        <Fieldset variant="unstyled" miw={0} disabled={disabled}>
          {role !== 'unused' && isTable(format) && (
            <FileColumns
              of={of}
              dropped={entry}
              format={format}
              columns={columns}
              first={preview[0] ?? []}
              onChange={(changed) => onChange(withFormat(recognition, changed))}
            />
          )}
          {role !== 'unused' && format.format === 'sequences' && (
            <SequenceFields
              of={of}
              format={format}
              first={preview[0]?.[0] ?? ''}
              onChange={(changed) => onChange({ ...recognition, format: changed })}
            />
          )}
        </Fieldset>
        <OneUser entry={entry} />
        <FilePreview name={name} recognition={recognition} isUsed={role !== 'unused'} height={isOfInteractions ? 180 : 120} />
      </Stack>
    </Card>
  );
}

/** How the rows are written, where that is not seen from the other controls. */
function containerWords(format: FileFormat): string | null {
  if (!isTable(format) || format.rows.kind === 'delimited') return null;
  return format.rows.kind === 'parquet' ? 'Parquet' : 'JSON Lines';
}

function separatorOf(format: FileFormat): string | null {
  if (format.format === 'sequences') return format.separator;
  return isTable(format) && format.rows.kind === 'delimited' ? format.rows.separator : null;
}

const hasHeader = (format: FileFormat): boolean => isTable(format) && format.rows.kind === 'delimited' && format.rows.header;

/** Switching the header moves the first row in or out of the preview. */
function withFormat(recognition: Recognition, format: TableFormat): Recognition {
  const { columns, preview } = recognition;
  if (hasHeader(format) === hasHeader(recognition.format) || preview.length === 0) return { ...recognition, format };
  const numbered = columns.map((_, c) => `column ${c + 1}`);
  return hasHeader(format)
    ? { ...recognition, format, columns: numbered.map((name, c) => preview[0][c] || name), preview: preview.slice(1) }
    : { ...recognition, format, columns: numbered, preview: [columns, ...preview] };
}
