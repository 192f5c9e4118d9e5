import { Checkbox, SimpleGrid, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { METHOD_DESCRIPTIONS, METHOD_GROUPS } from '../../configuration/methods.ts';
import { parseList } from './parameters.ts';

interface MethodChoiceProps {
  readonly methods: readonly string[];
  readonly onChange: (methods: string[]) => void;
}

const isListed = (id: string): boolean => METHOD_DESCRIPTIONS.some((method) => method.id === id);

/** All methods in groups; several may be chosen. */
export function MethodChoice({ methods, onChange }: MethodChoiceProps) {
  const [others, setOthers] = useState('');
  const invalid = others.trim() !== '' && parseList(others) === null;
  const listed = methods.filter(isListed);
  const changeOthers = (text: string) => {
    setOthers(text);
    const counts = text.trim() === '' ? [] : parseList(text);
    if (counts !== null) onChange(Array.from(new Set([...listed, ...counts.map((n) => `finetune-last-${n}`)])));
  };
  return (
    <Checkbox.Group
      label="Methods"
      value={[...listed]}
      onChange={(ids) => onChange([...ids, ...methods.filter((id) => !isListed(id))])}
    >
      <SimpleGrid cols={{ base: 2, md: 1, lg: 2 }} spacing="xs" mt={4}>
        {METHOD_GROUPS.map((group) => (
          <Stack key={group} gap={4}>
            <Text size="xs" c="dimmed">
              {group}
            </Text>
            {METHOD_DESCRIPTIONS.filter((method) => method.group === group).map(({ id, label, words }) => (
              <Tooltip key={id} label={words} position="right">
                <Checkbox size="xs" value={id} label={label} w="fit-content" />
              </Tooltip>
            ))}
            {group === 'Usual fine-tuning' && (
              <TextInput
                size="xs"
                label="Finetune-Last-N, other N"
                placeholder="such as 3, 4"
                value={others}
                error={invalid ? 'Whole numbers with commas between them' : undefined}
                onChange={(event) => changeOthers(event.currentTarget.value)}
              />
            )}
          </Stack>
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
