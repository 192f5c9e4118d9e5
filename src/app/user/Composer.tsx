import { Button, Group, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { ModelInfo, NamedItem, SubjectView } from '../../services/protocol.ts';
import { Problem } from '../shared/Problem.tsx';
import { useInspection } from '../shared/useAnswer.ts';
import { ItemSearch } from './ItemSearch.tsx';
import { SourceSequence } from './SourceSequence.tsx';
import { moved, without } from './sequence.ts';
import { itemName } from './words.ts';

interface ComposerProps {
  readonly run: number;
  readonly model: ModelInfo;
  /** Source items by number, oldest first. */
  readonly sequence: readonly number[];
  /** The user whose sequence can be begun with; null for nobody. */
  readonly from: string | null;
  /** The newest view there is, for the names of its items. */
  readonly view: SubjectView | null;
  readonly onSequence: (sequence: readonly number[]) => void;
}

/** A sequence put together by hand: items are added as the newest, moved and removed. */
export function Composer({ run, model, sequence, from, view, onSequence }: ComposerProps) {
  const [picked, setPicked] = useState<readonly NamedItem[]>([]);
  const named = [...(view?.items ?? []), ...picked];
  const items = sequence.map(
    (number) => named.find((item) => item.number === number) ?? { number, id: `item ${number}`, name: null },
  );
  const isFull = sequence.length >= model.sequenceLength;
  return (
    <>
      {sequence.length === 0 ? (
        <Text size="sm">
          Nothing yet: add the first item; the field lists what is most frequent.
          {from === null ? ' Or choose a user above, and start from their sequence.' : ' Or start from a user’s sequence.'}
        </Text>
      ) : (
        <SourceSequence
          model={model}
          items={items}
          unread={0}
          controls={(index) => {
            const name = `${itemName(items[index])}, place ${index + 1}`;
            return (
              <span className="sequence-controls">
                <UnstyledButton
                  aria-label={`Earlier: ${name}`}
                  disabled={index === 0}
                  onClick={() => onSequence(moved(sequence, index, -1))}
                >
                  ◂
                </UnstyledButton>
                <UnstyledButton
                  aria-label={`Later: ${name}`}
                  disabled={index === sequence.length - 1}
                  onClick={() => onSequence(moved(sequence, index, 1))}
                >
                  ▸
                </UnstyledButton>
                <UnstyledButton aria-label={`Remove: ${name}`} onClick={() => onSequence(without(sequence, index))}>
                  ×
                </UnstyledButton>
              </span>
            );
          }}
        />
      )}
      <Group align="flex-end">
        <ItemSearch
          run={run}
          domain="source"
          label="Add an item, as the newest"
          description={isFull ? `The model reads ${model.sequenceLength} items at most: the oldest makes room.` : undefined}
          onPick={(item) => {
            setPicked([...picked, item]);
            onSequence([...sequence, item.number].slice(-model.sequenceLength));
          }}
        />
        {sequence.length === 0 && from !== null && <StartFrom run={run} user={from} onSequence={onSequence} />}
      </Group>
    </>
  );
}

interface StartFromProps extends Pick<ComposerProps, 'run' | 'onSequence'> {
  readonly user: string;
}

/** Takes the sequence of a user to begin with. */
function StartFrom({ run, user, onSequence }: StartFromProps) {
  const asked = `${run} ${user}`;
  const { value, key, error } = useInspection(asked, (remote) => remote.look(run, { user }));
  // The answer about another user would be another sequence.
  const items = key === asked ? value?.items : undefined;
  return error !== null ? (
    <Problem error={error} />
  ) : (
    <Button
      size="xs"
      variant="default"
      disabled={items === undefined}
      onClick={() => onSequence(items?.map(({ number }) => number) ?? [])}
    >
      Start from {user}’s sequence
    </Button>
  );
}
