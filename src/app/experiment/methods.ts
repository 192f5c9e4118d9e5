import { placeOfMethod } from '../../configuration/methods.ts';

/** Which network decides in the UAF methods. */
export type PolicyNetwork = 'convolutions' | 'gru' | 'both';

const DECIDED = ['uaf-hard', 'uaf-soft', 'uaf-rl'];
const withoutGru = (id: string): string => id.replace(/-gru$/, '');
const isDecided = (id: string): boolean => DECIDED.includes(withoutGru(id));

/** What some methods have now. */
export function networkOf(methods: readonly string[]): PolicyNetwork {
  const gru = methods.some((id) => id.endsWith('-gru'));
  return gru ? (methods.some((id) => DECIDED.includes(id)) ? 'both' : 'gru') : 'convolutions';
}

/** Each UAF method that is learned, with the networks that are wanted. */
export function withNetwork(methods: readonly string[], network: PolicyNetwork): string[] {
  const all = methods.flatMap((id) => {
    if (!isDecided(id)) return [id];
    const plain = withoutGru(id);
    return [...(network === 'gru' ? [] : [plain]), ...(network === 'convolutions' ? [] : [`${plain}-gru`])];
  });
  return inOrder(Array.from(new Set(all)));
}

/** In the order of the paper's tables, Finetune-Last-N for other N at the end. */
export const inOrder = (methods: readonly string[]): string[] => methods.toSorted((a, b) => placeOfMethod(a) - placeOfMethod(b));
