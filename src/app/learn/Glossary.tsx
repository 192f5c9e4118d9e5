import { Card, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { Formula } from '../shared/Formula.tsx';
import { GLOSSARY_ENTRIES, type GlossaryEntry } from '../shared/glossary.ts';

/** Whether an entry has every word that is looked for, in its title or its text. */
const matches = ({ title, short, more = '' }: GlossaryEntry, query: string): boolean =>
  query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${title} ${short} ${more}`.toLowerCase().includes(word));

/** All terms with what is to be said about them. `target` is the one that a link led to. */
export function Glossary({ target }: { target: string | null }) {
  const [query, setQuery] = useState('');
  const found = GLOSSARY_ENTRIES.filter(([key, entry]) => (query === '' ? true : matches(entry, query) || key === query));
  return (
    <Stack gap="sm">
      <TextInput
        label="Find a word"
        maw={320}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        description={`${found.length} of ${GLOSSARY_ENTRIES.length} entries`}
      />
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs">
        {found.map(([key, { title, short, formula, more }]) => (
          <Card key={key} id={`term-${key}`} className="entry" data-target={key === target} withBorder padding="sm" tabIndex={-1}>
            <Title order={3} size="h6">
              {title}
            </Title>
            <Text size="sm">{short}</Text>
            {formula !== undefined && (
              <Text size="sm" component="div" my={4}>
                <Formula {...formula} />
              </Text>
            )}
            {more !== undefined && (
              <Text size="sm" c="dimmed">
                {more}
              </Text>
            )}
          </Card>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
