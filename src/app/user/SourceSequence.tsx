import { Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import type { ModelInfo, NamedItem } from '../../services/protocol.ts';
import { count } from '../format.ts';
import { seen, sightWords } from './sight.ts';
import { itemName } from './words.ts';

interface SourceSequenceProps {
  readonly model: ModelInfo;
  /** Oldest first. */
  readonly items: readonly NamedItem[];
  readonly unread: number;
  /** Buttons of an item, where it may be moved. */
  readonly controls?: (index: number) => ReactNode;
}

/**
 * A sequence of source items, oldest first, with brackets under what the trunk and what the policy network can see. Gates do not
 * change it: it is drawn again for other items alone.
 */
export const SourceSequence = memo(function SourceSequence({ model, items, unread, controls }: SourceSequenceProps) {
  const trunkFrom = items.length - seen(model.trunkSees, items.length);
  const policyFrom = items.length - seen(model.policySees, items.length);
  const keys = keysOf(items);
  return (
    <div>
      <Text size="sm" component="p" m={0} mb={8}>
        <span aria-hidden className="rail rail-key" data-network="trunk" data-seen />
        The trunk’s last position sees {sightWords(model.trunkSees, items.length)}.{' '}
        {model.policySees > 0 ? (
          <>
            <span aria-hidden className="rail rail-key" data-network="policy" data-seen />
            The policy network sees {sightWords(model.policySees, items.length)}.
          </>
        ) : (
          'No network decides for this user: the gates are drawn by a coin.'
        )}
        {trunkFrom > 0 &&
          ` ${trunkFrom === 1 ? 'The oldest, dashed, is' : `The ${trunkFrom} oldest, dashed, are`} out of the trunk’s sight.`}
        {unread > 0 &&
          ` ${count(unread)} older ${unread === 1 ? 'item is' : 'items are'} not read at all: the model reads ${model.sequenceLength}.`}
      </Text>
      <ol className="sequence" aria-label="Source items, oldest first">
        {items.map((item, i) => (
          <li key={keys[i]}>
            <Tooltip label={item.name === null ? `Item ${i + 1} of ${items.length}` : `${item.name}: id ${item.id}`}>
              <span className="sequence-item" data-unseen={i < trunkFrom}>
                {itemName(item)}
                {i < trunkFrom && <VisuallyHidden> (out of the trunk’s sight)</VisuallyHidden>}
                {model.policySees > 0 && i < policyFrom && <VisuallyHidden> (out of the policy network’s sight)</VisuallyHidden>}
                {controls?.(i)}
              </span>
            </Tooltip>
            <Rail network="trunk" index={i} from={trunkFrom} items={items.length} />
            <Rail network="policy" index={i} from={policyFrom} items={items.length} />
          </li>
        ))}
      </ol>
    </div>
  );
});

interface RailProps {
  readonly network: 'trunk' | 'policy';
  readonly index: number;
  readonly from: number;
  readonly items: number;
}

/** The piece of a bracket under one item. */
const Rail = ({ network, index, from, items }: RailProps) => (
  <span
    aria-hidden
    className="rail"
    data-network={network}
    data-seen={index >= from}
    data-first={index === from}
    data-last={from < items && index === items - 1}
  />
);

/** An item may occur several times: the first of them, the second, … A moved item keeps its key, and with it the focus. */
function keysOf(items: readonly NamedItem[]): string[] {
  const seenBefore = new Map<number, number>();
  return items.map(({ number }) => {
    const occurrence = (seenBefore.get(number) ?? 0) + 1;
    seenBefore.set(number, occurrence);
    return `${number} ${occurrence}`;
  });
}
