/** Names that a stranger may give to anything: markup, script, formulas, commands, what turns directions, what objects inherit. */
export const HOSTILE_NAMES: readonly string[] = [
  '<img src=x onerror="pwned=1">',
  '<script>pwned=1</script>',
  '"><svg onload=pwned=1>',
  '</title></style></textarea><b>',
  'javascript:pwned=1',
  "=cmd|'/C calc'!A0",
  '=HYPERLINK("https://evil.example")',
  '@SUM(A1)',
  '\\input{/etc/passwd} $x$ % & # _',
  '| a | b |\n\n# heading [x](https://evil.example)',
  '\u202egnp.exe \u2066',
  '\u{1f469}\u200d\u{1f680}\u{1f600}',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  `${'x'.repeat(9_990)}the end`,
];
