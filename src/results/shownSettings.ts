import { parameterWords } from '../configuration/parameters.ts';
import type { Value } from '../configuration/schema.ts';
import { CHOICE_WORDS, type Condition, isTenth } from './conditions.ts';
import { listed } from './digits.ts';
import { distinct, groupedBy } from './lists.ts';
import { configurationOf, differingSettings, nameOf, settingsOf, type Variant } from './variants.ts';

/** Some variants that are shown of a dataset, in a condition. */
export interface Shown {
  readonly name: string;
  readonly condition: Condition;
  readonly variants: readonly Variant[];
}

/** The same as notes of a table, with how they were chosen. */
export function settingsNotes(parts: readonly Shown[], conditions: readonly Condition[]): string[] {
  const sentences = shownSettings(parts, conditions);
  return sentences.length === 0 ? [] : [...sentences, CHOICE_WORDS];
}

/** Which settings are shown, of each dataset where a method that is shown has several; a sentence each. */
export function shownSettings(parts: readonly Shown[], conditions: readonly Condition[]): string[] {
  const sentences = parts.flatMap((part) => {
    const words = settingsShown(part, conditions);
    const where = distinct(parts.map(({ name }) => name)).length > 1 ? ` on ${part.name}` : '';
    return words === '' ? [] : [`There are runs with several settings${where}; shown here: ${words}.`];
  });
  return distinct(sentences);
}

/** “batch size B 256, temperature τ 10 (UAF-Hard)”; '' where no method that is shown has other settings, too. */
function settingsShown({ condition, variants }: Shown, conditions: readonly Condition[]): string {
  const alike = conditions.filter(
    (other) => other.dataset.hash === condition.dataset.hash && isTenth(other) === isTenth(condition),
  );
  const all = groupedBy(new Map(alike.flatMap((one) => one.variants.map((own) => [own.runs[0], own]))).values(), nameOf);
  const shown = variants.flatMap((variant) => {
    const others = all.get(nameOf(variant)) ?? [];
    const own: Record<string, Value> = settingsOf(configurationOf(variant));
    const backend = variant.runs[0].environment.backend;
    const isOfSeveral = others.some(({ runs: [{ environment }] }) => environment.backend !== backend);
    return [
      ...differingSettings(others).flatMap((key) => (key in own ? [{ variant, key, words: parameterWords(key, own[key]) }] : [])),
      ...(isOfSeveral ? [{ variant, key: 'backend', words: `backend ${backend}` }] : []),
    ];
  });
  const keys = Array.from(groupedBy(shown, ({ key }) => key).values());
  return keys.flatMap((own) => settingWords(own) ?? []).join(', ');
}

/** Null where a method is shown with several values: its rows say them. */
function settingWords(own: readonly { readonly variant: Variant; readonly words: string }[]): string | null {
  const byWords = Array.from(
    groupedBy(own, ({ words }) => words),
    ([words, those]) => ({
      words,
      names: distinct(those.map(({ variant }) => nameOf(variant))),
    }),
  );
  const names = byWords.flatMap((one) => one.names);
  if (distinct(names).length < names.length) return null;
  return byWords.map((one) => (byWords.length === 1 ? one.words : `${one.words} (${listed(one.names)})`)).join(', ');
}
