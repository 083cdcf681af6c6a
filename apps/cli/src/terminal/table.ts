import type { Colours } from "./terminal.ts";

export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  /** For numbers. */
  right?: boolean;
}

const GAP = "  ";
// Colours take no room on the screen.
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001B\[\d+m/g;

/**
 * Lays rows out in columns under their titles.
 * @example
 * table(colours, nodes, [{ title: "node", value: (node) => node.name }])
 */
export function table<Row>(colours: Colours, rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((line) => widthOf(line[at] ?? ""))),
  );
  const lay = (line: readonly string[]) =>
    line
      .map((text, at) => {
        const space = " ".repeat((widths[at] ?? 0) - widthOf(text));
        return columns[at]?.right ? space + text : text + space;
      })
      .join(GAP)
      .trimEnd();
  return [lay(columns.map(({ title }) => colours.dim(title))), ...cells.map(lay)].join("\n");
}

/** Lays out named values, one a line. */
export function fields(
  colours: Colours,
  entries: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const shown = entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${colours.dim(name.padEnd(width))}${GAP}${value}`).join("\n");
}

function widthOf(text: string): number {
  return text.replace(COLOUR, "").length;
}
