/** What LaTeX would take for a command, and signs that its first fonts (OT1, with `textcomp`) have only by name. */
const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "{''}",
  '`': '\\textasciigrave{}',
  "'": '\\textquotesingle{}',
  // After the end of a row these would belong to it.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '·': '$\\cdot$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '≠': '$\\neq$',
  '≈': '$\\approx$',
  '∞': '$\\infty$',
  '→': '$\\rightarrow$',
  '∈': '$\\in$',
  '²': '\\textsuperscript{2}',
  '³': '\\textsuperscript{3}',
  '½': '$\\frac12$',
  α: '$\\alpha$',
  β: '$\\beta$',
  γ: '$\\gamma$',
  δ: '$\\delta$',
  Δ: '$\\Delta$',
  ε: '$\\epsilon$',
  λ: '$\\lambda$',
  μ: '$\\mu$',
  µ: '$\\mu$',
  π: '$\\pi$',
  ρ: '$\\rho$',
  σ: '$\\sigma$',
  τ: '$\\tau$',
  χ: '$\\chi$',
  '“': '\\textquotedblleft{}',
  '”': '\\textquotedblright{}',
  '„': '{,}{,}',
  '‘': '\\textquoteleft{}',
  '’': '\\textquoteright{}',
  '–': '\\textendash{}',
  '—': '\\textemdash{}',
  '…': '\\ldots{}',
  '°': '\\textdegree{}',
  '§': '\\S{}',
  '€': '\\texteuro{}',
  '\u00a0': '~',
  '\u202f': '\\,',
  ß: '\\ss{}',
  æ: '\\ae{}',
  Æ: '\\AE{}',
  ø: '\\o{}',
  Ø: '\\O{}',
  œ: '\\oe{}',
  Œ: '\\OE{}',
  ł: '\\l{}',
  Ł: '\\L{}',
  ı: '\\i{}',
};

/** Combining marks and the commands that put them on a letter. */
const ACCENTS: Readonly<Record<string, string>> = {
  '\u0300': '\\`',
  '\u0301': "\\'",
  '\u0302': '\\^',
  '\u0303': '\\~',
  '\u0304': '\\=',
  '\u0306': '\\u',
  '\u0307': '\\.',
  '\u0308': '\\"',
  '\u030a': '\\r',
  '\u030b': '\\H',
  '\u030c': '\\v',
  '\u0327': '\\c',
};

/**
 * A text that pdfLaTeX prints as it is, whatever it says: no command, and no sign that its fonts do not have. Letters of other scripts
 * are named by their number (U+4E2D).
 */
export const latexText = (text: string): string =>
  joined(
    Array.from(
      text.normalize('NFC').replace(/\s+/g, (spaces) => (/[\u00a0\u202f]/.test(spaces) ? spaces : ' ')),
      signOf,
    ),
  )
    // Two hyphens would become a dash.
    .replace(/-(?=-)/g, '-{}');

const isFormula = (sign: string | undefined): boolean => sign?.startsWith('$') === true;

/** Neighbouring formulas are one. A dollar that is printed begins with a backslash. */
const joined = (signs: readonly string[]): string =>
  signs
    .map((sign, i) =>
      isFormula(sign) ? `${isFormula(signs[i - 1]) ? '' : '$'}${sign.slice(1, -1)}${isFormula(signs[i + 1]) ? '' : '$'}` : sign,
    )
    .join('');

function signOf(sign: string): string {
  const known = SIGNS[sign];
  if (known !== undefined) return known;
  if (/^[ -~]$/.test(sign)) return sign;
  const [letter, mark, ...others] = Array.from(sign.normalize('NFD'));
  const accent = ACCENTS[mark ?? ''];
  if (/^[A-Za-z]$/.test(letter) && accent !== undefined && others.length === 0) return `${accent}{${letter}}`;
  return `U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}
