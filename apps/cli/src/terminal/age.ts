/** How long ago, in its largest unit. Both in epoch milliseconds or ISO text. */
export function age(then: number | string, now: number): string {
  const seconds = Math.max(0, Math.round((now - new Date(then).getTime()) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The time of day, to the millisecond. */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
