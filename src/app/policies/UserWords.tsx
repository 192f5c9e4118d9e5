import { Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { patternOf } from '../../analysis/policies.ts';
import { probabilityOf } from '../../storage/policies.ts';
import { usePolicies } from '../shared/useAnswer.ts';
import { userLink } from '../user/address.ts';

interface UserWordsProps {
  readonly runId: number;
  /** The user's row in dataset order. */
  readonly user: number;
  readonly bytes: Uint8Array | null;
  readonly blocks: number;
  /** Whether the planted truth is shown, also of the user. */
  readonly truth: boolean;
}

/** “User 17”; “user-17” says itself what it is. */
const userName = (id: string): string => (/^user/i.test(id) ? id : `User ${id}`);

/** Who a row is, and their policy, in words; with the way to them. */
export function UserWords({ runId, user, bytes, blocks, truth }: UserWordsProps) {
  const asked = `${runId} ${user}`;
  const { value, key, error } = usePolicies(asked, (service) => service.userId(runId, user));
  // The answer for the row before must not stand beside this one's gates.
  const id = key === asked ? value : undefined;
  const gates =
    bytes === null
      ? 'no policy yet'
      : `policy ${patternOf({ bytes, blocks }, user)} (1: fine-tuned, block 1 first); probability of fine-tuning ${Array.from(bytes.subarray(user * blocks, (user + 1) * blocks), (byte) => probabilityOf(byte).toFixed(2)).join(', ')}`;
  return (
    <>
      {id === undefined ? (error === null ? '…' : '?') : userName(id)}: {gates}.{' '}
      {error !== null && (
        <Text span size="xs" c="red">
          Who this is could not be read: {error.message}
        </Text>
      )}
      {id !== undefined && (
        <Anchor size="xs" underline="always" component={Link} href={userLink(runId, id, truth)}>
          Look at this user
        </Anchor>
      )}
    </>
  );
}
