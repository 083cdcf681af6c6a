import Type, { type Static, type TSchema } from "typebox";

/** Most items one page of a list holds, and how many it holds when nobody says. */
export const MAX_PAGE_ITEMS = 100;
export const DEFAULT_PAGE_ITEMS = 50;

/** Query parameters every list takes. */
export const pageQuery = {
  cursor: Type.Optional(
    Type.String({ maxLength: 300, pattern: "^[A-Za-z0-9_-]+$", description: "nextCursor of the page before" }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE_ITEMS,
      description: `items of a page, ${DEFAULT_PAGE_ITEMS} when absent`,
    }),
  ),
};

export const PageQuerySchema = Type.Object(pageQuery, { additionalProperties: false });
export type PageQuery = Static<typeof PageQuerySchema>;

/** A page of a list: the newest first, and where the next one starts. */
export interface Page<Item> {
  items: Item[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/** The schema of a page of `item`. */
export function pageOf<Item extends TSchema>(item: Item, title: string) {
  return Type.Object({ items: Type.Array(item), nextCursor: Nullable(Type.String()) }, { title });
}

/** A value that may be absent as `null`. */
export function Nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}
