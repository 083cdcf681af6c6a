/**
 * An id or address short enough for a line.
 * @example
 * shortId("0x1234567890abcdef1234") // "0x1234…1234"
 */
export function shortId(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 6)}…${id.slice(-4)}`;
}
