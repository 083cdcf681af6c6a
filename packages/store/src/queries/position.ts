/** Where a page of a list starts: after the item with this instant (epoch milliseconds) and id, the newest first. */
export interface Position {
  at: number;
  id: string;
}

/** The two parameters of a position; nulls at the list's beginning. */
export function positionParams(after: Position | undefined): [Date | null, string | null] {
  return after ? [new Date(after.at), after.id] : [null, null];
}
