import { Button, Group, NativeSelect, NumberInput, SimpleGrid, Text, TextInput } from '@mantine/core';
import type { TargetTask } from '../../../data/dataset.ts';
import type { TimeSpan } from '../../../data/times.ts';
import { Term } from '../../shared/Term.tsx';
import { dayOf, endOf, startOf } from './days.ts';
import { type FilterDraft, NOTHING_FILTERED } from './settings.ts';

interface FilterFieldsProps {
  readonly draft: FilterDraft;
  readonly task: TargetTask;
  /** From when to when the events are; null where they have no times. */
  readonly span: TimeSpan | null;
  readonly disabled: boolean;
  readonly onChange: (draft: FilterDraft) => void;
}

const REPEATS = [
  { value: 'keep', label: 'keep all' },
  { value: 'consecutive', label: 'no item twice in a row' },
  { value: 'first', label: 'each item of a user once' },
] as const;

const DOMAINS = [
  { value: 'both', label: 'in both domains' },
  { value: 'source', label: 'in the source domain' },
  { value: 'target', label: 'in the target domain' },
] as const;

type NumberKey = Extract<
  keyof FilterDraft,
  | 'core'
  | 'minimumSourceLength'
  | 'maximumSourceLength'
  | 'minimumTargetsPerUser'
  | 'minimumTargetItemCount'
  | 'maximumTargetsPerUser'
>;

/** The filters, in the order in which they apply. Of labels nothing is filtered, so that those of targets are left out. */
export function FilterFields({ draft, task, span, disabled, onChange }: FilterFieldsProps) {
  const isProfile = task === 'profile';
  const placeOf = placesOf(span !== null, isProfile);
  const label = (key: Ordered, words: string) => `${placeOf(key)}. ${words}`;
  const number = (key: NumberKey, words: string, description: string) => (
    <NumberInput
      size="xs"
      label={label(key, words)}
      description={description}
      min={NOTHING_FILTERED[key]}
      allowDecimal={false}
      value={draft[key]}
      disabled={disabled}
      onChange={(value) => typeof value === 'number' && onChange({ ...draft, [key]: value })}
    />
  );
  return (
    <div>
      <Text size="sm" mb="xs">
        Filters apply in this order; each sees what those before it left. (<Term of="core">k-core</Term>: users and items with few
        interactions go, again and again.)
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        {span !== null && (
          <Range
            draft={draft}
            span={span}
            isProfile={isProfile}
            label={(words) => label('from', words)}
            disabled={disabled}
            onChange={onChange}
          />
        )}
        <NativeSelect
          size="xs"
          label={label('repeats', 'Repeated events')}
          description="of one user and item"
          data={REPEATS}
          value={draft.repeats}
          disabled={disabled}
          onChange={(event) => onChange({ ...draft, repeats: found(REPEATS, event.currentTarget.value) ?? draft.repeats })}
        />
        {number('core', 'k-core', 'fewest interactions of users and items; 1 keeps all')}
        {!isProfile && (
          <NativeSelect
            size="xs"
            label="k-core of"
            description="each by itself; of the target without users who have no source"
            data={DOMAINS}
            value={draft.coreOf}
            disabled={disabled}
            onChange={(event) => onChange({ ...draft, coreOf: found(DOMAINS, event.currentTarget.value) ?? draft.coreOf })}
          />
        )}
        {number('minimumSourceLength', 'Shortest source sequence', 'users with shorter ones go; 1 keeps all')}
        {number('maximumSourceLength', 'Longest source sequence', 'the most recent items are kept; 0 keeps all')}
        {!isProfile && (
          <>
            {number('minimumTargetsPerUser', 'Fewest targets a user', 'others lose their targets; 1 keeps all')}
            {number(
              'minimumTargetItemCount',
              'Fewest interactions of a target item',
              'among all rows of the target; 1 keeps all',
            )}
            {number('maximumTargetsPerUser', 'Most targets a user', 'the first ones are kept; 0 keeps all')}
          </>
        )}
      </SimpleGrid>
      <Group mt="xs">
        <Button size="compact-sm" variant="subtle" disabled={disabled} onClick={() => onChange(NOTHING_FILTERED)}>
          Filter nothing
        </Button>
      </Group>
    </div>
  );
}

/** The filters as they apply. */
const ORDER = [
  'from',
  'repeats',
  'core',
  'minimumSourceLength',
  'maximumSourceLength',
  'minimumTargetsPerUser',
  'minimumTargetItemCount',
  'maximumTargetsPerUser',
] as const satisfies readonly (keyof FilterDraft)[];
type Ordered = (typeof ORDER)[number];

/** The place of each filter among those that there are: no range without times, none of targets where labels are predicted. */
function placesOf(isTimed: boolean, isProfile: boolean): (key: Ordered) => number {
  const shown = ORDER.filter((key) => (isTimed || key !== 'from') && !(isProfile && /target/i.test(key)));
  return (key) => shown.indexOf(key) + 1;
}

const found = <T extends string>(among: readonly { readonly value: T }[], value: string): T | undefined =>
  among.find((one) => one.value === value)?.value;

interface RangeProps {
  readonly draft: FilterDraft;
  readonly span: TimeSpan;
  readonly isProfile: boolean;
  readonly label: (label: string) => string;
  readonly disabled: boolean;
  readonly onChange: (draft: FilterDraft) => void;
}

const isEmpty = ({ from, until }: FilterDraft): boolean => from !== null && until !== null && from > until;

/** From when to when: days where the files have dates, numbers where they have numbers that only order. */
function Range({ draft, span: { first, last, isDates, only }, isProfile, label, disabled, onChange }: RangeProps) {
  const where = only === null || isProfile ? 'in the files' : `in the ${only}`;
  const untouched =
    only === null || isProfile
      ? ''
      : `. The ${only === 'source' ? 'target' : 'source'} has no ${isDates ? 'dates' : 'times'}: all of it stays`;
  if (!isDates) {
    const bound = (key: 'from' | 'until', words: string, end: number) => (
      <NumberInput
        size="xs"
        label={words}
        description={`${key === 'from' ? 'first' : 'last'} ${where}: ${end}${key === 'from' ? untouched : ''}`}
        error={key === 'until' && isEmpty(draft) && 'The first time is after the last: nothing is left.'}
        value={draft[key] ?? ''}
        disabled={disabled}
        onChange={(value) => onChange({ ...draft, [key]: typeof value === 'number' ? value : null })}
      />
    );
    return (
      <>
        {bound('from', label('From time'), first)}
        {bound('until', 'Until time', last)}
      </>
    );
  }
  const day = (time: number | null) => (time === null ? '' : dayOf(time));
  return (
    <>
      <TextInput
        size="xs"
        type="date"
        label={label('From day')}
        description={`first ${where}: ${dayOf(first)}${untouched}`}
        value={day(draft.from)}
        disabled={disabled}
        onChange={(event) => onChange({ ...draft, from: startOf(event.currentTarget.value) })}
      />
      <TextInput
        size="xs"
        type="date"
        label="Until day"
        error={isEmpty(draft) && 'The first day is after the last: nothing is left.'}
        description={`last ${where}: ${dayOf(last)}`}
        value={day(draft.until)}
        disabled={disabled}
        onChange={(event) => onChange({ ...draft, until: endOf(event.currentTarget.value) })}
      />
    </>
  );
}
