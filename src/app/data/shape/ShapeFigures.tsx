import { SimpleGrid, Text } from '@mantine/core';
import { LengthBars } from '../../../charts/LengthBars.tsx';
import { PopularityCurve } from '../../../charts/PopularityCurve.tsx';
import type { TargetTask } from '../../../data/dataset.ts';
import { type DatasetShape, medianOf, RARE } from '../../../data/shape.ts';
import { count } from '../../format.ts';
import { Term } from '../../shared/Term.tsx';
import { lengthBars } from './bars.ts';

interface ShapeFiguresProps {
  readonly shape: DatasetShape;
  /** Before the filters; null where nothing is compared. */
  readonly before: DatasetShape | null;
  readonly task: TargetTask;
  readonly columns: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** How a dataset is spread: lengths, targets, popularity, and what training never sees. */
export function ShapeFigures({ shape, before, task, columns }: ShapeFiguresProps) {
  const was = before ?? shape;
  const { sourcePopularity, targetPopularity, unseen } = shape;
  const isProfile = task === 'profile';
  return (
    <div>
      <SimpleGrid cols={{ base: 1, sm: columns }} spacing="md">
        <LengthBars
          title="Lengths of source sequences"
          xLabel="items of a source sequence"
          bars={lengthBars(shape.sourceLengths, was.sourceLengths)}
          compared={before !== null}
          summary={halfWords(shape.sourceLengths, 'source items')}
        />
        {!isProfile && (
          <LengthBars
            title="Targets a user"
            xLabel="targets of a user"
            bars={lengthBars(shape.targetsPerUser, was.targetsPerUser)}
            compared={before !== null}
            summary={halfWords(shape.targetsPerUser, 'targets')}
          />
        )}
        <PopularityCurve
          title="Popularity of items"
          caption={<Term of="popularityCurve">Popularity of items</Term>}
          lines={[
            { label: isProfile ? 'classes' : 'target', shares: targetPopularity.shares, dashed: false },
            { label: 'source', shares: sourcePopularity.shares, dashed: true },
          ]}
          summary={popularityWords(shape, isProfile)}
        />
      </SimpleGrid>
      {!isProfile && (
        <Text size="sm" mt="xs">
          In the random split (split seed {unseen.splitSeed}){' '}
          {unseen.unseenItems === 0 ? (
            <>
              every target item has a training <Term of="instance">instance</Term>.
            </>
          ) : (
            <>
              {targetItems(unseen.unseenItems)} no training <Term of="instance">instance</Term>:{' '}
              {percent(unseen.unseenTest / Math.max(1, unseen.test))} of the {count(unseen.test)} test instances ask for such an
              item.
            </>
          )}{' '}
          {targetItems(targetPopularity.rare)} fewer than {RARE} interactions.
        </Text>
      )}
    </div>
  );
}

function popularityWords({ sourcePopularity, targetPopularity }: DatasetShape, isProfile: boolean): string {
  const source = `The most popular 10 % of the items have ${percent(sourcePopularity.shares[10])} of the source interactions`;
  return isProfile
    ? `${source}; the largest class has ${percent(targetPopularity.first)} of the users.`
    : `${source} and ${percent(targetPopularity.shares[10])} of the targets; the most popular target item alone has ${percent(targetPopularity.first)}.`;
}

function halfWords(counts: Uint32Array, what: string): string {
  const users = counts.reduce((sum, n) => sum + n, 0);
  const median = medianOf(counts);
  const isOpen = median === counts.length - 1;
  if (counts[median] === users) return `${count(users)} users; all of them have ${median}${isOpen ? ' or more' : ''} ${what}.`;
  return `${count(users)} users; half of them have ${isOpen ? 'at least' : 'at most'} ${median} ${what}.`;
}

/** “1 target item has”, “2 target items have”. */
const targetItems = (n: number): string => `${n === 0 ? 'No' : count(n)} ${n <= 1 ? 'target item has' : 'target items have'}`;
