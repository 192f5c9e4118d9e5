import { Stack, TextInput } from '@mantine/core';
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
      <dl className="glossary">
        {found.map(([key, { title, short, formula, more }]) => (
          <div key={key} id={`term-${key}`} className="entry" data-target={key === target} tabIndex={-1}>
            <dt>{title}</dt>
            <dd>
              {short}
              {formula !== undefined && (
                <div>
                  <Formula {...formula} />
                </div>
              )}
              {more !== undefined && <div className="more">{more}</div>}
            </dd>
          </div>
        ))}
      </dl>
    </Stack>
  );
}
