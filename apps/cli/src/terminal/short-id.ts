/** An id or address short enough for a line; eight digits are enough to ask for a task again. */
export function shortId(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 10)}…`;
}
