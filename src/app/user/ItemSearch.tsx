import { Autocomplete, type ComboboxItem } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRef, useState } from 'react';
import type { NamedItem } from '../../services/protocol.ts';
import { useInspection } from '../shared/useAnswer.ts';

interface ItemSearchProps {
  readonly run: number;
  readonly domain: 'source' | 'target';
  readonly label: string;
  readonly description?: string;
  readonly onPick: (item: NamedItem) => void;
}

const TYPING = 150;

/** An item and its id, so that items of one name can be told apart. */
const lineOf = ({ id, name }: NamedItem): string => (name === null ? id : `${name} (${id})`);

/** Finds items by name or id, and lists the most frequent ones while nothing is typed. What is picked is handed on, and the field is free for the next. */
export function ItemSearch({ run, domain, label, description, onPick }: ItemSearchProps) {
  const [text, setText] = useState('');
  // Mantine writes what was picked into the field, after it has told so.
  const isPicked = useRef(false);
  const [typed] = useDebouncedValue(text, TYPING);
  const asked = `${run} ${domain} ${typed}`;
  const found = useInspection(asked, (remote) => remote.findItems(run, domain, typed));
  const items = found.value ?? [];
  const options: ComboboxItem[] = items.map((item) => ({ value: String(item.number), label: lineOf(item) }));
  const isUnknown = text !== '' && found.key === asked && items.length === 0;
  return (
    <Autocomplete
      size="xs"
      w={240}
      label={label}
      description={description}
      placeholder="name or id"
      value={text}
      data={options}
      filter={({ options: all }) => all}
      error={isUnknown ? `No ${domain} item is called so.` : found.error?.message}
      onChange={(value) => {
        setText(isPicked.current ? '' : value);
        isPicked.current = false;
      }}
      onOptionSubmit={(value) => {
        const item = items.find(({ number }) => String(number) === value);
        isPicked.current = true;
        if (item !== undefined) onPick(item);
      }}
    />
  );
}
