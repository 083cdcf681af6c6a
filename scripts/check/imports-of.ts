export interface ImportFound {
  /** What stands between the quotes. */
  specifier: string;
  line: number;
  /** `type`: erased before running; `lazy`: loaded when the line runs; `load`: loaded with the file. */
  kind: "type" | "lazy" | "load";
}

const STATEMENT =
  /^[ \t]*(?:import|export)\b(?<type>\s+type\b(?!\s+from\b))?(?:[^;"'`=()]*?\bfrom)?\s*["'](?<specifier>[^"'\n]+)["']/gm;
const LAZY = /\bimport(?:\.meta\.resolve)?\(\s*["'](?<specifier>[^"'\n]+)["']/g;

/**
 * The imports and re-exports of a TypeScript source. It reads text, not syntax: statements start a line, as the
 * formatter writes them, so one quoted inside a comment's `*` lines is not taken for an import.
 */
export function importsOf(source: string): ImportFound[] {
  const lineAt = (index: number) => source.slice(0, index).split("\n").length;
  const statements = [...source.matchAll(STATEMENT)].map((match): ImportFound => {
    const kind = match.groups?.["type"] === undefined ? "load" : "type";
    return { specifier: match.groups?.["specifier"] ?? "", line: lineAt(match.index), kind };
  });
  const lazy = [...source.matchAll(LAZY)].filter((match) => !isInComment(source, match.index));
  return [
    ...statements,
    ...lazy.map((match): ImportFound => {
      return { specifier: match.groups?.["specifier"] ?? "", line: lineAt(match.index), kind: "lazy" };
    }),
  ];
}

function isInComment(source: string, index: number): boolean {
  const before = source.slice(source.lastIndexOf("\n", index) + 1, index);
  return /^\s*(\*|\/\*|\/\/)/.test(before);
}
