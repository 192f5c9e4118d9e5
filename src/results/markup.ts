/** Markup that may be written as it is. Only `element` makes it of texts, so that a name of strangers never becomes markup. */
export class Markup {
  constructor(readonly source: string) {}
}

/** Texts are escaped; nothing stands for what is left out. */
export type Child = Markup | string | number | null | undefined | false | readonly Child[];

/** Left out where undefined. Numbers keep two decimals: a hundredth of a point is nothing to the eye. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Elements of HTML that have no end. */
const VOID = new Set(['meta', 'br', 'hr', 'col']);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * What XML cannot hold at all: control characters, and halves of surrogate pairs. And what turns the direction of everything
 * that follows: a name must not rearrange the words around it.
 */
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;

const escapeText = (text: string): string => text.replace(IMPOSSIBLE, '\ufffd').replace(/[&<>"']/g, (sign) => ENTITIES[sign]);

/** An element of SVG or HTML, as XML has it. */
export function element(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): Markup {
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}="${typeof value === 'number' ? rounded(value) : escapeText(value)}"`],
  );
  const start = `<${tag}${written.join('')}`;
  return new Markup(VOID.has(tag) ? `${start}/>` : `${start}>${children.map(sourceOf).join('')}</${tag}>`);
}

function sourceOf(child: Child): string {
  if (child === null || child === undefined || child === false) return '';
  if (child instanceof Markup) return child.source;
  if (typeof child === 'object') return child.map(sourceOf).join('');
  return escapeText(String(child));
}

/** Without a trailing zero, and never −0. @throws RangeError for what is no number: it would be drawn nowhere */
function rounded(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be drawn.`);
  return String(Math.round(value * 100) / 100 + 0);
}
