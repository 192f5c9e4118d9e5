import type { Figure } from './figures/figure.ts';
import { figureTable } from './figures/figureTable.ts';
import { figureSvg } from './figures/svg.ts';
import { element, Markup } from './markup.ts';
import type { ReportParts } from './parts.ts';
import { reportNotes } from './report/notes.ts';
import {
  claimsPart,
  configurationPart,
  datasetPart,
  environmentPart,
  failuresPart,
  protocolPart,
  summaryPart,
} from './report/parts.ts';
import { STYLE } from './report/style.ts';
import type { ResultRun } from './run.ts';
import { tableMarkup } from './tables/html.ts';

/** On narrow screens alone. */
const HINT = 'Wide tables scroll to the side; the first column stays.';

/** What a report is of. */
export interface ReportOf extends ReportParts {
  readonly title: string;
  readonly runs: readonly ResultRun[];
  /** When it was made. */
  readonly date: Date;
  /** What else has to be known, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * One self-contained HTML page: settings and results first, then claims, data, protocol, environment and notes. No script, and nothing
 * is asked of any network.
 */
export function htmlReport({ title, runs, date, tables, figures, verdicts, notes }: ReportOf): string {
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    // Whatever a name says: nothing runs, and nothing is loaded.
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'" }),
    element('title', {}, title),
    element('style', {}, new Markup(STYLE)),
  );
  const body = element(
    'main',
    {},
    element('h1', {}, title),
    summaryPart(runs, date),
    configurationPart(runs),
    part('Tables', tables.length === 0 ? [] : [element('p', { class: 'hint' }, HINT), ...tables.map(tableMarkup)]),
    part('Figures', figures.length === 0 ? [] : [element('div', { class: 'figures' }, figures.map(figurePart))]),
    claimsPart(verdicts),
    failuresPart(runs),
    datasetPart(runs),
    protocolPart(runs),
    environmentPart(runs),
    part('What these numbers do not say', [
      element(
        'ul',
        {},
        [...notes, ...reportNotes(runs)].map((note) => element('li', {}, note)),
      ),
    ]),
  );
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, element('body', {}, body)).source}\n`;
}

const part = (title: string, content: readonly Markup[]): Markup | null =>
  content.length === 0 ? null : element('section', {}, element('h2', {}, title), content);

const figurePart = (figure: Figure, i: number): Markup =>
  element(
    'figure',
    {},
    new Markup(figureSvg(figure, { words: false, prefix: `figure-${i + 1}` })),
    element('figcaption', {}, element('b', {}, `${figure.title}.`), ' ', figure.notes.join(' ')),
    element('details', {}, element('summary', {}, 'The numbers'), tableMarkup(figureTable(figure))),
  );
