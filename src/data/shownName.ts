/** Control characters, and what turns the direction of everything that follows: a name must not rearrange the words around it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they are looked for by.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Names of files on a disk are shorter; those in an archive may be of any length. */
const LONGEST = 300;

/** A name from a stranger, of a file or of what is in it, as it may stand in a sentence: what cannot be seen becomes a sign that can. */
export const shownName = (name: string): string => shownText(name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);

/** The same of a text of any length. */
export const shownText = (text: string): string => text.replace(UNSEEN, '\ufffd');
