import { Accordion, Anchor, Badge, Group, Stack, Switch, Text } from '@mantine/core';
import { writeValue } from '../../configuration/parameters.ts';
import { PRESETS, RELEASED_DIFFERENCES } from '../../configuration/presets.ts';
import { flatten, type Value } from '../../configuration/schema.ts';

interface ReleasedSwitchesProps {
  /** What the preset has. */
  readonly preset: Readonly<Record<string, Value>>;
  /** All keys as they stand. */
  readonly values: Readonly<Record<string, Value>>;
  readonly onChange: (changes: Readonly<Record<string, Value>>) => void;
}

const PAPER = flatten(PRESETS.paper);
const same = (a: Value, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b);

const isReleased = (preset: ReleasedSwitchesProps['preset']): boolean =>
  RELEASED_DIFFERENCES.every(({ key, released }) => same(preset[key], released));

/** Each difference between the paper and its released code as a switch of its own, with what it changes and where it stands. */
export function ReleasedSwitches({ preset, values, onChange }: ReleasedSwitchesProps) {
  // A preset of other sizes may agree with the code by chance; what it says of the method counts.
  const on = RELEASED_DIFFERENCES.filter(
    ({ key, released }) => same(values[key], released) && (isReleased(preset) || !same(preset[key], released)),
  ).length;
  const setAll = (released: boolean) =>
    onChange(Object.fromEntries(RELEASED_DIFFERENCES.map((d) => [d.key, released ? d.released : PAPER[d.key]])));
  return (
    <Accordion variant="contained">
      <Accordion.Item value="released">
        <Accordion.Control py={0}>
          <Group gap="xs">
            <Text size="sm">Paper or released code</Text>
            {on > 0 && (
              <Badge size="xs" color="orange">
                {on} of {RELEASED_DIFFERENCES.length} as released
              </Badge>
            )}
          </Group>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="xs">
            <Text size="xs" c="dimmed">
              The authors’ code does not do all that their paper says. Switch one at a time to see which matter.{' '}
              <Anchor component="button" type="button" size="xs" onClick={() => setAll(true)}>
                All as released
              </Anchor>
              {' · '}
              <Anchor component="button" type="button" size="xs" onClick={() => setAll(false)}>
                all as in the paper
              </Anchor>
            </Text>
            {RELEASED_DIFFERENCES.map(({ key, released, words, paper, code }) => (
              <Switch
                key={key}
                size="xs"
                styles={{ description: { fontSize: 12 } }}
                label={`${key}: ${writeValue(released)}`}
                description={`${words} Paper: ${writeValue(PAPER[key])} (${paper}). Code: ${writeValue(released)} (${code}).`}
                checked={same(values[key], released)}
                onChange={(event) => onChange({ [key]: event.currentTarget.checked ? released : PAPER[key] })}
              />
            ))}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
