import { StoaError } from "@stoa/protocol";

export interface VerificationCheck {
  name: string;
  ok: boolean;
  /** What was found: a count when it holds, actual beside expected when it does not. */
  detail: string;
}

/** What a verifier found; the checks end with the first that fails, for those after it build on it. */
export interface VerificationReport {
  ok: boolean;
  checks: VerificationCheck[];
  firstFailure?: VerificationCheck;
}

/** A named check: gives what it found, or throws saying what is wrong. */
export type Check = readonly [name: string, run: () => string | Promise<string>];

/** Ends a check. @throws {StoaError} always, `invalid_record` */
export function disagree(message: string): never {
  throw new StoaError("invalid_record", message);
}

/** Ends a check unless the two are the same text. @throws {StoaError} `invalid_record` with both */
export function requireSame(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) disagree(`${what} is ${String(actual)}, expected ${String(expected)}`);
}

/** As {@link requireSame}, for addresses in any case. */
export function requireSameAddress(what: string, actual: string, expected: string): void {
  if (actual.toLowerCase() !== expected.toLowerCase()) disagree(`${what} is ${actual}, expected ${expected}`);
}

/** Ends a check when a text stands twice in a list. @throws {StoaError} `invalid_record` */
export function requireDistinct(what: string, texts: readonly string[]): void {
  const seen = new Set<string>();
  for (const text of texts) {
    if (seen.has(text.toLowerCase())) disagree(`${what} ${text} is listed twice`);
    seen.add(text.toLowerCase());
  }
}

/**
 * Runs checks in order until one fails; whatever a check throws is its failure, never the caller's.
 * @param onCheck told of each check that holds, as it ends
 */
export async function runChecks(
  list: readonly Check[],
  onCheck: (check: VerificationCheck) => void = () => {},
): Promise<VerificationReport> {
  const checks: VerificationCheck[] = [];
  for (const [name, run] of list) {
    let check: VerificationCheck;
    try {
      check = { name, ok: true, detail: await run() };
    } catch (error) {
      const firstFailure = { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
      return { ok: false, checks: [...checks, firstFailure], firstFailure };
    }
    checks.push(check);
    onCheck(check);
  }
  return { ok: true, checks };
}
