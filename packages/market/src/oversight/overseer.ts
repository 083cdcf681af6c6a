/** Who acts for the market, and why: what the audit log keeps of it. */
export interface Overseer {
  /** A wallet, or `system`. */
  actor: string;
  reason: string;
}
