/** Control characters, and what turns the direction of everything that follows: a name must not rearrange the words around it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they are looked for by.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The name of a file from a stranger, as it may stand in a sentence. Each character that cannot be seen becomes a sign that can. */
export const shownName = (name: string): string => name.replace(UNSEEN, '\ufffd');
