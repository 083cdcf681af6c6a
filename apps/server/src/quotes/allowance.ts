const MINUTE_MS = 60_000;

/** How much of something each caller may have a minute, counted in this process. */
export class Allowance {
  readonly #perMinute: number;
  #counts = new Map<string, number>();
  #since = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /**
   * Takes one of a caller's.
   * @param nowMs epoch milliseconds
   * @returns seconds until there is another one, 0 when one was taken
   */
  take(caller: string, nowMs: number): number {
    if (nowMs - this.#since >= MINUTE_MS) {
      this.#since = nowMs;
      this.#counts = new Map();
    }
    const taken = (this.#counts.get(caller) ?? 0) + 1;
    if (taken > this.#perMinute) return Math.ceil((this.#since + MINUTE_MS - nowMs) / 1_000);
    this.#counts.set(caller, taken);
    return 0;
  }
}
