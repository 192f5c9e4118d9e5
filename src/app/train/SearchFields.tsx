import { Accordion, Badge, Group, NumberInput, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import type { SearchMode } from '../../configuration/search.ts';

/** A search as it is typed. */
export interface SearchDraft {
  /** A key and its values on each line. */
  readonly axes: string;
  readonly mode: SearchMode;
  readonly budget: number;
}

export const NO_SEARCH: SearchDraft = { axes: '', mode: 'grid', budget: 20 };

interface SearchFieldsProps {
  readonly draft: SearchDraft;
  readonly onChange: (draft: SearchDraft) => void;
  /** Trials a method, as planned; null without a search. */
  readonly trials: number | null;
}

/** Tries many configurations and chooses by validation. */
export function SearchFields({ draft, onChange, trials }: SearchFieldsProps) {
  return (
    <Accordion variant="contained">
      <Accordion.Item value="search">
        <Accordion.Control py={0}>
          <Group gap="xs">
            <Text size="sm">Search</Text>
            {trials !== null && (
              <Badge size="xs" color="orange">
                {trials} trials a method
              </Badge>
            )}
          </Group>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="xs">
            <Text size="xs" c="dimmed">
              Each method is trained with several configurations, with the first seed. Compare marks the best by validation, and
              shows the test result of that one only. Trials stand in the queue: a search goes on after a reload.
            </Text>
            <Textarea
              size="xs"
              label="Keys and values"
              description="One key a line, named as in a configuration file. A range (from..to) wants a random search."
              placeholder={'fineTuning.learningRate=0.001,0.003,0.01\nchannels=8,16'}
              autosize
              minRows={2}
              value={draft.axes}
              onChange={(event) => onChange({ ...draft, axes: event.currentTarget.value })}
            />
            <Group align="flex-end">
              <SegmentedControl
                size="xs"
                aria-label="Kind of search"
                value={draft.mode}
                onChange={(mode) => onChange({ ...draft, mode })}
                data={[
                  { value: 'grid', label: 'grid' },
                  { value: 'random', label: 'random' },
                ]}
              />
              <NumberInput
                size="xs"
                label="Budget (trials a method)"
                min={1}
                max={1000}
                value={draft.budget}
                onChange={(budget) => typeof budget === 'number' && onChange({ ...draft, budget })}
              />
            </Group>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
