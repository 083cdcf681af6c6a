export const toMs = (seconds: bigint) => Number(seconds) * 1_000;

/** An event's values without the one that is told in milliseconds. */
export function withoutSeconds<Args extends object, Key extends keyof Args>(args: Args, key: Key): Omit<Args, Key> {
  const { [key]: _seconds, ...rest } = args;
  return rest;
}
