/** A refusal that is longer is no sentence any more: it quotes a whole file. */
const LONGEST_SENTENCE = 1500;

/** Words that only programmers understand. */
const NO_WORDS =
  /\bundefined\b|\[object |\bat \S+ \(|\.ts:\d+|is not a function|Cannot read|not iterable|call stack|Invalid (array|typed)/;

/** What is wrong with the words of a refusal. */
export function faultsOfWords(message: string): string[] {
  const faults: string[] = [];
  if (!/[.!?)]$/.test(message.trim()) || !message.includes(' ')) faults.push(`“${message}” is no sentence`);
  if (NO_WORDS.test(message)) faults.push(`“${message}” is for programmers`);
  if (message.length > LONGEST_SENTENCE) faults.push(`a refusal of ${message.length} characters: ${message.slice(0, 200)} …`);
  return faults;
}
