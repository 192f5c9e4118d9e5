/** What the page shows: all of it stands in the address. */
export type ExperimentAddress =
  | { readonly kind: 'list' }
  | { readonly kind: 'one'; readonly id: number }
  /**
   * A new one, begun with a template or (null) with nothing; on some datasets, or on one that suits it. `like`: with the dataset and
   * settings of a run. `plan`: what became of it.
   */
  | {
      readonly kind: 'new';
      readonly template: string | null;
      readonly on: readonly number[];
      readonly like: number | null;
      readonly plan: string | null;
    }
  /** A new one, as a link has it: see `encodeExperiment`. On no datasets: it is asked for them. */
  | { readonly kind: 'shared'; readonly link: string; readonly on: readonly number[]; readonly from: PlanSource };

/** Where a whole plan came from: somebody’s link, a file, or an experiment that is here. */
export type PlanSource = 'link' | 'file' | 'here';

/** Reads `id=3`, `new=table-2`, `new=table-2&like=7`, `new=table-2&on=1.4&plan=…` or `share=…&on=1.4&from=file`; else the list. */
export function readAddress(search: URLSearchParams): ExperimentAddress {
  const [id, template, link, from, like] = ['id', 'new', 'share', 'from', 'like'].map((name) => search.get(name));
  if (id !== null && /^\d+$/.test(id)) return { kind: 'one', id: Number(id) };
  const on = numbersOf(search.get('on') ?? '');
  if (link !== null) return { kind: 'shared', link, on, from: from === 'file' || from === 'here' ? from : 'link' };
  if (template !== null) {
    const [run] = numbersOf(like ?? '');
    return { kind: 'new', template: template || null, on, like: run ?? null, plan: search.get('plan') };
  }
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
      return `/experiment?new=${encodeURIComponent(address.template ?? '')}${onPart(address)}${address.like === null ? '' : `&like=${address.like}`}${address.plan === null ? '' : `&plan=${address.plan}`}`;
    case 'shared':
      return `/experiment?share=${address.link}${onPart(address)}${address.from === 'link' ? '' : `&from=${address.from}`}`;
  }
}

const onPart = ({ on }: { readonly on: readonly number[] }): string => (on.length > 0 ? `&on=${on.join('.')}` : '');
