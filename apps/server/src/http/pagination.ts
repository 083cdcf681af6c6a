import { type ArchivedRanges, DEFAULT_PAGE_ITEMS, type Page, StoaError } from "@stoa/protocol";
import type { ArchivedRange, Position } from "@stoa/store";

/** Reads a page's query into what a list query takes: one item more than asked for tells whether there is a next page. */
export function pageFilter(query: { cursor?: string; limit?: number }): { after: Position | undefined; limit: number } {
  return {
    after: query.cursor === undefined ? undefined : decodeCursor(query.cursor),
    limit: (query.limit ?? DEFAULT_PAGE_ITEMS) + 1,
  };
}

/** Makes the page of what a list query gave. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  positionOf: (row: Row) => Position,
): Page<Item> {
  const shown = rows.slice(0, limit - 1);
  const last = shown.at(-1);
  return { items: shown.map(toItem), nextCursor: rows.length >= limit && last ? encodeCursor(positionOf(last)) : null };
}

function encodeCursor({ at, id }: Position): string {
  return Buffer.from(`${at} ${id}`).toString("base64url");
}

function decodeCursor(cursor: string): Position {
  const [, at, id] = /^(\d{1,15}) (.+)$/s.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (at === undefined || id === undefined)
    throw new StoaError("invalid_request", `the cursor ${cursor} is none of ours: take nextCursor as it is`);
  return { at: Number(at), id };
}

/** Where rows of a list are that the database no longer has; nothing when it has all of them. */
export function archivedPart(ranges: readonly ArchivedRange[]): { archived?: ArchivedRanges } {
  if (ranges.length === 0) return {};
  return {
    archived: ranges.map(({ manifest, from, to, rows }) => ({
      manifest,
      from: toIso(from),
      to: toIso(to),
      ...(rows !== null && { rows: Number(rows) }),
    })),
  };
}

/** An instant as the REST wire carries it. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

/** An instant that may not have come yet. */
export function toIsoOrNull(ms: number | null): string | null {
  return ms === null ? null : toIso(ms);
}
