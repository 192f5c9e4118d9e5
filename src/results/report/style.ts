/** How a report looks: light and dark, on a phone and on paper. No sign in it is one that HTML escapes. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#dee2e6, #495057); --dim: light-dark(#495057, #adb5bd); --page: light-dark(#ffffff, #1a1b1e); --ink: light-dark(#1a1b1e, #e9ecef); }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 1408px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 32px 0 8px; border-bottom: 1px solid var(--line); }
h3 { font-size: 15px; margin: 16px 0 4px; overflow-wrap: anywhere; }
p, li, dd, figcaption { max-width: 80ch; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; border-bottom: 1.5px solid var(--ink); margin: 8px 0; }
caption { text-align: left; font-weight: 600; padding-bottom: 4px; }
caption span { display: block; position: sticky; left: 0; width: fit-content; max-width: min(100%, calc(100vw - 32px)); overflow-wrap: break-word; }
th, td { padding: 2px 10px 2px 0; text-align: left; vertical-align: top; }
td.right { min-width: 3em; }
th { font-weight: 400; }
th[scope=row] { max-width: 320px; overflow-wrap: break-word; min-width: 120px; }
.hint { display: none; }
thead th { font-weight: 600; }
thead { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); }
th.group { text-align: center; border-bottom: 1px solid var(--line); }
.right { text-align: right; }
tr.rule { border-top: 1px solid var(--line); }
.notes { margin: 0 0 24px; padding-left: 16px; font-size: 12px; color: var(--dim); }
.dim, figcaption { color: var(--dim); }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(302px, 1fr)); gap: 24px; }
figure { margin: 0; max-width: 420px; min-width: 0; }
figure svg { width: 100%; height: auto; display: block; border: 1px solid var(--line); }
figcaption { font-size: 12px; margin-top: 4px; }
figure details { font-size: 12px; }
figcaption b { color: var(--ink); }
summary { cursor: pointer; }
code, pre { font: 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; }
.answer { font-weight: 600; }
@media (max-width: 700px) {
  .hint { display: block; color: var(--dim); }
  tr > th:first-child, tr > td:first-child { position: sticky; left: 0; background: var(--page); }
  th[scope=row] { min-width: 90px; max-width: 130px; }
}
@media print {
  :root { color-scheme: light; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  .wide { overflow: visible; }
  .figures { grid-template-columns: 80mm 80mm; }
  body { font-size: 10pt; }
}
`;
