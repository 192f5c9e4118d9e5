import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ModelInfo, NamedItem, Subject } from '../../services/protocol.ts';
import { Problem } from '../shared/Problem.tsx';
import { Term } from '../shared/Term.tsx';
import { Attributes } from './Attributes.tsx';
import { FRESH, type UserAddress } from './address.ts';
import { Composer } from './Composer.tsx';
import { Gates } from './Gates.tsx';
import { gatesByHand, type Hand, byHand as handOf } from './hand.ts';
import { ItemSearch } from './ItemSearch.tsx';
import { Lists } from './Lists.tsx';
import { Panel } from './Panel.tsx';
import { Similar } from './Similar.tsx';
import { SourceSequence } from './SourceSequence.tsx';
import { UserSearch } from './UserSearch.tsx';
import { useSubject } from './useSubject.ts';
import { WhatIfPanel } from './WhatIfPanel.tsx';
import { cautionAbout, targetIndex, targetLines } from './wanted.ts';
import { itemName, namesInBoth } from './words.ts';

interface SubjectPartsProps {
  readonly run: number;
  readonly model: ModelInfo;
  readonly subject: Subject;
  readonly address: UserAddress;
  readonly go: (change: Partial<UserAddress>, replace?: boolean) => void;
}

/** The simulator’s name for what says who a user is. */
const isMarker = (item: NamedItem): boolean => /^marker \d+$/.test(itemName(item));

/** All parts of the page, for a user or a composed sequence. */
export function SubjectParts({ run, model, subject, address, go }: SubjectPartsProps) {
  const [pickedTarget, setPickedTarget] = useState<NamedItem | null>(null);
  const { look, lists, byHand, whatIfs, wanted } = useSubject(run, model, subject, address);
  const isComposed = 'sequence' in subject;
  const view = look.value?.view ?? null;
  const sequence = isComposed ? subject.sequence.slice(-model.sequenceLength) : [];
  const showUser = (user: string) => go({ ...FRESH, subject: { user } });
  // An item stays looked for while a sequence is changed.
  const from = isComposed ? address.from : subject.user;
  const compose = (items: readonly number[]) =>
    go({ ...FRESH, subject: { sequence: items }, item: address.item, from }, isComposed);
  const setHand = (hand: Hand) => go({ subject, hand }, true);
  const shown = lists.value;
  const classes = model.task === 'profile';
  const target = view === null ? null : targetIndex(view, address.target);
  const nameOfItem = (number: number) => {
    if (pickedTarget?.number === number) return itemName(pickedTarget);
    const found = shown?.lists.flatMap(({ items }) => items).find((item) => item.number === number);
    return found === undefined ? `item ${number}` : itemName(found);
  };
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        <UserSearch
          run={run}
          user={isComposed ? null : subject.user}
          previous={isComposed ? null : (view?.previous ?? null)}
          next={isComposed ? null : (view?.next ?? null)}
          onUser={showUser}
        />
        {isComposed ? (
          <Button size="xs" variant="default" onClick={() => go({ ...FRESH, subject: from === null ? null : { user: from } })}>
            {from === null ? 'Back to the users' : `Back to ${from}`}
          </Button>
        ) : (
          <>
            <Button size="xs" variant="default" onClick={() => compose([])}>
              Compose a sequence
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={view === null}
              onClick={() => compose(view?.items.map(({ number }) => number) ?? [])}
            >
              Start from this user’s sequence
            </Button>
          </>
        )}
      </Group>
      {look.error !== null && (
        <Problem title="This user cannot be shown" error={look.error}>
          <Button size="xs" onClick={() => go({ ...FRESH, subject: null })}>
            Look at the first user
          </Button>
        </Problem>
      )}
      {isComposed && (
        <Panel
          title="A composed sequence"
          words="Whoever had this source sequence, oldest item first, would be treated as shown below."
        >
          <Composer run={run} model={model} sequence={sequence} from={from} view={view} onSequence={compose} />
        </Panel>
      )}
      {look.error === null && view !== null && !(isComposed && sequence.length === 0) && (
        <>
          {view.id !== null && !isComposed && (
            <Panel
              title={`Source sequence of ${view.id}`}
              words={
                <>
                  What this user did in the source domain, oldest first. The trunk makes the recommendations, the policy network
                  the gates; brackets show how far each sees (<Term of="receptive">receptive field</Term>).
                  {view.items.some(isMarker) && (
                    <>
                      {' '}
                      <Term of="marker">Markers</Term> say what kind of user this is.
                    </>
                  )}
                </>
              }
              action={
                <Attributes
                  attributes={view.attributes}
                  truth={address.truth}
                  onTruth={(truth) => go({ subject, truth }, true)}
                />
              }
            >
              <SourceSequence model={model} items={view.items} unread={view.unread} />
            </Panel>
          )}
          <div className="user-columns">
            <Stack gap="sm">
              <Gates
                kind={model.kind}
                isDrawn={model.policySees === 0}
                own={view.gate}
                probability={view.probability}
                hand={address.hand}
                onHand={setHand}
              />
              <Panel
                title={classes ? 'Classes by score' : 'Top 5 target items'}
                words={
                  <>
                    {classes ? 'What the model takes this user for' : 'Recommended'} under four policies, with{' '}
                    <Term of="score">scores</Term>.
                    {!isComposed && ` ★ ${classes ? 'the true class' : 'a target of this user'}, and its part of the data.`}
                    {!classes && ' ≠ not in the own list.'}
                    {shown !== undefined &&
                      namesInBoth(
                        view.items,
                        shown.lists.flatMap(({ items }) => items),
                      ) &&
                      ' Some have the names of source items, and are other items all the same.'}
                  </>
                }
                action={
                  isComposed ? (
                    <Group gap="xs" align="flex-end">
                      {address.item !== null && (
                        <>
                          <Text size="sm">looking for {nameOfItem(address.item)}</Text>
                          <Button size="compact-xs" variant="default" onClick={() => go({ item: null }, true)}>
                            Look for none
                          </Button>
                        </>
                      )}
                      <ItemSearch
                        run={run}
                        domain="target"
                        label={classes ? 'Class to look for' : 'Target item to look for'}
                        onPick={(item) => {
                          setPickedTarget(item);
                          go({ item: item.number }, true);
                        }}
                      />
                    </Group>
                  ) : (
                    target !== null && (
                      <NativeSelect
                        size="xs"
                        aria-label="Target that is looked for"
                        value={String(target)}
                        onChange={(event) => go({ subject, target: Number(event.currentTarget.value) + 1 }, true)}
                        data={targetLines(view).map((line, i) => ({ value: String(i), label: `target: ${line}` }))}
                      />
                    )
                  )
                }
              >
                <Problem title="Nothing can be recommended" error={lists.error} />
                <Problem title="The gates by hand cannot be tried" error={byHand.error} />
                {shown !== undefined && (
                  <Lists
                    model={model}
                    targets={shown.view.targets}
                    own={shown.lists[0]}
                    frozen={shown.lists[1]}
                    tuned={shown.lists[2]}
                    byHand={
                      address.hand.length > 0 && byHand.value?.of === shown.of ? byHand.value.recommendation : shown.lists[0]
                    }
                    isHandSet={address.hand.length > 0}
                  />
                )}
              </Panel>
            </Stack>
            <div>
              <WhatIfPanel
                model={model}
                whatIfs={whatIfs}
                isWanted={wanted !== null}
                caution={target === null ? null : cautionAbout(view.targets[target].part)}
                byHand={gatesByHand(address.hand, view.gate)}
                isHandSet={address.hand.length > 0}
                onGates={(gates) => setHand(handOf(gates, view.gate))}
              />
            </div>
          </div>
          {view.id !== null && !isComposed && (
            <Similar run={run} user={view.id} truth={address.truth} isReady={shown !== undefined && !lists.waiting} />
          )}
        </>
      )}
    </Stack>
  );
}
