/**
 * The AccessManager's roles, by the number each has there. What a role may call stands beside each contract of the
 * suite; whatever is restricted and not named there is the admin's.
 */
export const roles = {
  /** Gives and takes roles. The timelock's alone, so nothing of it happens without its delay. */
  admin: 0n,
  /** Stops new money at once; lets none in again. */
  guardian: 1n,
  /** Sets governed parameters within the caps in code, and ends a pause. The timelock's. */
  parameters: 2n,
  /** Executes rulings on escrows and stakes. */
  court: 3n,
  /** Pays rewards to nodes. */
  rewarder: 4n,
  /** Mints the market's token, within its schedule. */
  minter: 5n,
} as const;

export type Role = keyof typeof roles;
