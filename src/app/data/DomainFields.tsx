import { NativeSelect, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { DomainsFormat } from '../../data/import/format.ts';
import { importing, unwrap } from '../../services/clients.ts';
import type { DroppedFile } from '../../services/protocol.ts';
import { asError } from '../shared/asError.ts';

interface DomainFieldsProps {
  readonly of: string;
  readonly dropped: DroppedFile;
  readonly format: DomainsFormat;
  readonly columns: readonly string[];
  readonly onChange: (format: DomainsFormat) => void;
}

/** Which column says of which domain a row is, and what in it is the source and the target. */
export function DomainFields({ of, dropped: { file, entry }, format, columns, onChange }: DomainFieldsProps) {
  const { rows, domain, source, target } = format;
  const [words, setWords] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);

  const ask = async (column: number): Promise<readonly string[]> => {
    const { remote, call } = importing();
    const found = unwrap(await call(remote.words({ file, entry }, rows, column)));
    return found.filter((word) => word !== '');
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once a file and column, whatever else of the format changes
  useEffect(() => {
    let isCurrent = true;
    ask(domain).then(
      (found) => isCurrent && setWords(found),
      (error: unknown) => isCurrent && setProblem(asError(error).message),
    );
    return () => {
      isCurrent = false;
    };
  }, [file, entry, domain]);

  const choose = async (column: number) => {
    setProblem(null);
    try {
      const [first, second] = await ask(column);
      if (second === undefined) setProblem(`“${columns[column]}” has fewer than two different words.`);
      else onChange({ ...format, domain: column, source: first, target: second });
    } catch (error) {
      setProblem(asError(error).message);
    }
  };

  const word = (label: 'Source' | 'Target', value: string, change: (word: string) => DomainsFormat) => (
    <NativeSelect
      size="xs"
      label={`${label} is`}
      aria-label={`What is the ${label.toLowerCase()} in the ${of}`}
      data={[...new Set([value, ...words])]}
      value={value}
      onChange={(event) => onChange(change(event.currentTarget.value))}
    />
  );
  return (
    <>
      <NativeSelect
        size="xs"
        label="Domain"
        aria-label={`Domain column of the ${of}`}
        data={columns.map((name, c) => ({ value: String(c), label: name }))}
        value={String(domain)}
        onChange={(event) => choose(Number(event.currentTarget.value))}
      />
      {word('Source', source, (chosen) => ({ ...format, source: chosen, target: chosen === target ? source : target }))}
      {word('Target', target, (chosen) => ({ ...format, target: chosen, source: chosen === source ? target : source }))}
      {problem !== null && (
        <Text size="xs" c="red" role="alert">
          {problem}
        </Text>
      )}
    </>
  );
}
