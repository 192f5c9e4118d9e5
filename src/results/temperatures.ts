import { reads } from '../experiments/unread.ts';
import { groupedBy } from './lists.ts';
import { configurationOf, settingsOf, type Variant } from './variants.ts';

export const temperatureOf = (variant: Variant): number => configurationOf(variant).temperature;

/** Variants of one method that differ in τ alone, by τ. */
export function temperatureFamilies<V extends Variant>(variants: readonly V[]): V[][] {
  const readers = variants.filter((variant) => reads(configurationOf(variant), 'temperature'));
  const families = groupedBy(readers, (variant) =>
    JSON.stringify([
      variant.method,
      variant.runs[0].environment.backend,
      { ...settingsOf(configurationOf(variant)), temperature: null },
    ]),
  );
  return Array.from(families.values())
    .filter((family) => family.length > 1)
    .map((family) => family.sort((a, b) => temperatureOf(a) - temperatureOf(b)));
}
