/**
 * Text for a cell that a spreadsheet may open: one that it would take for a formula (it begins with =, +, -, @, a tab or a
 * line break) gets an apostrophe in front, which spreadsheets do not show. Numbers are no text: they are written as they are.
 */
export const safeText = (text: string): string => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
