/** What the page shows: all of it stands in the address. */
export type ExperimentAddress =
  | { readonly kind: 'list' }
  | { readonly kind: 'one'; readonly id: number }
  /** A new one, begun with a template or (null) with nothing; on some datasets, or on one that suits it. `plan`: what became of it. */
  | { readonly kind: 'new'; readonly template: string | null; readonly on: readonly number[]; readonly plan: string | null }
  /** A new one, as a link or file has it: see `encodeExperiment`. On no datasets: it is asked for them. */
  | { readonly kind: 'shared'; readonly link: string; readonly on: readonly number[] };

/** Reads `id=3`, `new=table-2`, `new=table-2&on=1.4&plan=…` or `share=…&on=1.4`; the list where it is none of them. */
export function readAddress(search: URLSearchParams): ExperimentAddress {
  const [id, template, link] = ['id', 'new', 'share'].map((name) => search.get(name));
  if (id !== null && /^\d+$/.test(id)) return { kind: 'one', id: Number(id) };
  const on = numbersOf(search.get('on') ?? '');
  if (link !== null) return { kind: 'shared', link, on };
  if (template !== null) return { kind: 'new', template: template || null, on, plan: search.get('plan') };
  return { kind: 'list' };
}

const numbersOf = (text: string): number[] =>
  text
    .split('.')
    .filter((word) => /^\d+$/.test(word))
    .map(Number);

/** A place on the page, which `readAddress` reads. */
export function experimentLink(address: ExperimentAddress): string {
  switch (address.kind) {
    case 'list':
      return '/experiment';
    case 'one':
      return `/experiment?id=${address.id}`;
    case 'new':
      return `/experiment?new=${encodeURIComponent(address.template ?? '')}${onPart(address)}${address.plan === null ? '' : `&plan=${address.plan}`}`;
    case 'shared':
      return `/experiment?share=${address.link}${onPart(address)}`;
  }
}

const onPart = ({ on }: { readonly on: readonly number[] }): string => (on.length > 0 ? `&on=${on.join('.')}` : '');
