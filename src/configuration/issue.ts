/** What is wrong with a value from outside, as zod has it. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** In words: where, and what. A value that is not there is missing, and not of some type. */
export const issueWords = ({ path, message }: Issue): string => {
  const what = message.replace(/, received undefined$/, ', but it is missing');
  return path.length === 0 ? what : `“${path.map(String).join('.')}”: ${what}`;
};
