/** A run of prose: a paragraph, or one item of a list. */
export interface Block {
  text: string;
  kind: "paragraph" | "item";
  /** The heading it stands under, "" before the first. */
  heading: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-=*_])(\s*\1){2,}\s*$/;
const ITEM = /^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const INDENTED = /^(?: {4}|\t)/;
const QUOTED = /^(?: {0,3}> ?)+/;
const LINK_DEFINITION = /^ {0,3}\[[^\]]+\]:\s*\S+/;

/** Where escaped marks wait, in the private use area, until the others are taken off. */
const ASIDE = 0xe000;

/** Takes the marks off inline Markdown and HTML and leaves what a reader sees. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/\\([\\`*_{}[\]()#+\-.!<>~|])/g, (_, mark: string) => String.fromCharCode(ASIDE + mark.charCodeAt(0)))
    .replace(/!\[[^\]]{0,400}\](?:\([^)]{0,2000}\)|\[[^\]]{0,400}\])/g, " ")
    .replace(/\[([^\]]{1,400})\](?:\([^)]{0,2000}\)|\[[^\]]{0,400}\])/g, "$1")
    .replace(/<(?:https?:\/\/|mailto:)([^<>]{1,2000})>/g, "$1")
    .replace(/<\/?[a-zA-Z][^<>]{0,2000}>/g, " ")
    .replace(/`+([^`]+)`+/g, "$1")
    .replace(/(\*\*|__)(?=\S)(.{1,2000}?)\1/g, "$2")
    .replace(/(?<![\w*])\*(?=\S)([^*]+?)\*(?!\w)/g, "$1")
    .replace(/(?<!\w)_(?=\S)([^_]+?)_(?!\w)/g, "$1")
    .replace(/~~([^~]+)~~/g, "$1")
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/[\ue021-\ue07e]/g, (aside) => String.fromCharCode(aside.charCodeAt(0) - ASIDE))
    .replace(/\s+/g, " ")
    .trim();
}

/** Cuts Markdown or plain text into its prose: code, tables, pictures, comments and front matter are left out. */
export function plainBlocks(text: string): Block[] {
  const lines = text
    .replace(/^\ufeff?---\r?\n[\s\S]*?\r?\n---\r?\n/, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .split(/\r\n|\r|\n/);
  const blocks: Block[] = [];
  let heading = "";
  let open: { lines: string[]; kind: Block["kind"] } | undefined;
  let fence = "";

  function close(): void {
    const plain = open && plainText(open.lines.join(" "));
    if (open && plain) blocks.push({ text: plain, kind: open.kind, heading });
    open = undefined;
  }

  for (const written of lines) {
    const line = written.replace(QUOTED, "");
    const mark = FENCE.exec(line)?.[1];
    if (fence) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = "";
      continue;
    }
    if (mark) {
      close();
      fence = mark;
      continue;
    }
    const title = HEADING.exec(line)?.[1];
    const item = ITEM.exec(line)?.[1];
    if (title !== undefined) {
      close();
      heading = plainText(title);
    } else if (RULE.test(line)) {
      // A line under a paragraph makes it a heading: it is no prose then.
      if (open?.kind === "paragraph" && open.lines.length === 1 && /^ {0,3}[=-]/.test(line)) {
        heading = plainText(open.lines[0]!);
        open = undefined;
      } else close();
    } else if (
      line.trim() === "" ||
      TABLE_ROW.test(line) ||
      LINK_DEFINITION.test(line) ||
      (!open && INDENTED.test(line) && item === undefined)
    )
      close();
    else if (item !== undefined && (open || !INDENTED.test(line) || blocks.at(-1)?.kind === "item")) {
      close();
      open = { lines: [item], kind: "item" };
    } else if (open) open.lines.push(line.trim());
    else open = { lines: [line.trim()], kind: "paragraph" };
  }
  close();
  return blocks;
}
