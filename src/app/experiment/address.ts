/** What the page shows: all of it stands in the address. */
export type ExperimentAddress =
  | { readonly kind: 'list' }
  | { readonly kind: 'one'; readonly id: number }
  /** A new one, begun with a template or (null) with nothing; on some datasets, or on those that suit it. */
  | { readonly kind: 'new'; readonly template: string | null; readonly on: readonly number[] }
  /** A new one, as a link or file has it: see `encodeExperiment`. */
  | { readonly kind: 'shared'; readonly link: string };

/** Reads `id=3`, `new=table-2`, `new=table-2&on=1.4` or `share=…`; the list where it is none of them. */
export function readAddress(search: URLSearchParams): ExperimentAddress {
  const [id, template, link] = ['id', 'new', 'share'].map((name) => search.get(name));
  if (id !== null && /^\d+$/.test(id)) return { kind: 'one', id: Number(id) };
  if (link !== null) return { kind: 'shared', link };
  if (template !== null) return { kind: 'new', template: template || null, on: numbersOf(search.get('on') ?? '') };
  return { kind: 'list' };
}

const numbersOf = (text: string): number[] =>
  text
    .split('.')
    .filter((word) => /^\d+$/.test(word))
    .map(Number);

/** The contrary of `readAddress`: a place on the page. */
export function experimentLink(address: ExperimentAddress): string {
  switch (address.kind) {
    case 'list':
      return '/experiment';
    case 'one':
      return `/experiment?id=${address.id}`;
    case 'new':
      return `/experiment?new=${encodeURIComponent(address.template ?? '')}${address.on.length > 0 ? `&on=${address.on.join('.')}` : ''}`;
    case 'shared':
      return `/experiment?share=${address.link}`;
  }
}
