/** Rows of fields, as RFC 4180 writes them. */
export interface ParsedCsv {
  rows: string[][];
  /** What the text breaks of the format, one sentence each. */
  warnings: string[];
}

export const delimiters = [",", ";", "\t", "|"] as const;

/** Characters looked at to find the delimiter out. */
const SNIFFED = 64_000;

/**
 * Parses CSV by RFC 4180: quoted fields hold delimiters, line breaks and doubled quotes; rows end in CRLF, LF or CR.
 * Malformed quoting never stops it: what it meant is kept, and a warning says where.
 */
export function parseCsv(text: string, delimiter: string): ParsedCsv {
  const rows: string[][] = [];
  const warnings: string[] = [];
  let row: string[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;

  function endRow(): void {
    // An empty line is no row.
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }

  /** Reads the quoted field that starts at `at`, and leaves `at` behind its closing quote. */
  function readQuoted(): string {
    let value = "";
    for (;;) {
      const quote = text.indexOf('"', at + 1);
      if (quote < 0) {
        warnings.push(`row ${rows.length + 1} has a quote that is never closed`);
        value += text.slice(at + 1);
        at = text.length;
        return value;
      }
      value += text.slice(at + 1, quote);
      if (text[quote + 1] !== '"') {
        at = quote + 1;
        return value;
      }
      value += '"';
      at = quote + 1;
    }
  }

  /** Reads up to the next delimiter or end of line. */
  function readPlain(): string {
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at += 1;
    return text.slice(start, at);
  }

  while (at < text.length) {
    let field = "";
    if (text[at] === '"') {
      field = readQuoted();
      const rest = readPlain();
      if (rest.trim() !== "") warnings.push(`row ${rows.length + 1} has text behind a closing quote`);
      field += rest.trimEnd();
    } else field = readPlain();
    row.push(field);
    if (at >= text.length) break;
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) row.push("");
      continue;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    at += 1;
    endRow();
  }
  if (row.length > 0) endRow();
  return { rows, warnings };
}

/** The delimiter that cuts the beginning of the text into the most columns, the same number in every row. */
export function sniffDelimiter(text: string): string {
  let best = { delimiter: ",", score: 0 };
  // The cut end of a long text would look like a ragged row: only whole lines count.
  const start = text.length <= SNIFFED ? text : text.slice(0, text.lastIndexOf("\n", SNIFFED) + 1 || SNIFFED);
  for (const delimiter of delimiters) {
    const { rows, warnings } = parseCsv(start, delimiter);
    const widths = new Map<number, number>();
    for (const row of rows) widths.set(row.length, (widths.get(row.length) ?? 0) + 1);
    const [width, count] = [...widths].sort((a, b) => b[1] - a[1])[0] ?? [1, 0];
    const agreeing = count / Math.max(1, rows.length);
    // A field with half a pair of quotes was cut in the middle of what they hold together.
    const torn = rows.flat().filter((field) => field.split('"').length % 2 === 0).length;
    const score = width > 1 ? (agreeing ** 2 * Math.log2(width + 1)) / (1 + warnings.length + torn) : 0;
    if (score > best.score + 1e-9) best = { delimiter, score };
  }
  return best.delimiter;
}
