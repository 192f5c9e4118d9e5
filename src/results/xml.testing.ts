/** Named entities that XML itself knows. */
const ENTITY = /^&(?:amp|lt|gt|quot|#39);/;
const TAG = /^<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z_:][\w:.-]*="[^"<]*")*)\s*(\/?)>/;

/** Why a text is no well-formed XML element; null if it is one. */
export function malformed(source: string): string | null {
  const open: string[] = [];
  let rest = source;
  let roots = 0;
  while (rest !== '') {
    const place = `at “${rest.slice(0, 60)}”`;
    if (rest[0] === '<') {
      const tag = TAG.exec(rest);
      if (tag === null) return `no tag ${place}`;
      const [whole, closing, name, attributes, empty] = tag;
      const names = Array.from(attributes.matchAll(/([\w:.-]+)="/g), ([, attribute]) => attribute);
      if (new Set(names).size < names.length) return `an attribute twice ${place}`;
      if (/&(?!amp;|lt;|gt;|quot;|#39;)/.test(attributes)) return `a bare & ${place}`;
      if (closing !== '') {
        if (open.pop() !== name) return `an end of what was not open ${place}`;
      } else {
        if (open.length === 0) roots++;
        if (empty === '') open.push(name);
      }
      rest = rest.slice(whole.length);
    } else if (rest[0] === '&') {
      const entity = ENTITY.exec(rest);
      if (entity === null) return `a bare & ${place}`;
      rest = rest.slice(entity[0].length);
    } else if (open.length === 0) return `text outside ${place}`;
    else rest = rest.slice(/^[^<&]+/.exec(rest)?.[0].length ?? 1);
  }
  if (open.length > 0) return `“${open.join(' ')}” not closed`;
  return roots === 1 ? null : `${roots} roots`;
}
