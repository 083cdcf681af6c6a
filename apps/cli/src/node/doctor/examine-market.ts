import { createClient } from "@stoa/sdk";
import { StoaError } from "@stoa/protocol";
import type { Finding } from "./finding.ts";

/** What is signed says when it was; a node whose clock is off by more is refused. */
const MOST_SKEW_MS = 2_000;

/** Asks the market for its terms, and compares clocks. */
export async function examineMarket(url: string): Promise<Finding[]> {
  const subject = "market";
  try {
    const client = createClient({ url });
    const { chainId, token } = await client.market.info();
    const text = `${url} answers, settles in ${token.symbol} on chain ${chainId}`;
    return [{ subject, state: "good", text }, await examineClock(url)];
  } catch (error) {
    if (!(error instanceof StoaError)) throw error;
    const remedy = "start one with `npm start`, or name another with --url";
    return [{ subject, state: "bad", text: error.message, remedy }];
  }
}

/** The market's time is known to the second; it may also have passed on the way. */
async function examineClock(url: string): Promise<Finding> {
  const askedAt = Date.now();
  const { headers } = await fetch(new URL("/health", url), { method: "HEAD" });
  const said = Date.parse(headers.get("date") ?? "");
  const subject = "clock";
  if (Number.isNaN(said)) return { subject, state: "weak", text: "the market does not tell its time" };
  const early = askedAt - (said + 1_000);
  const late = said - Date.now();
  const skewMs = Math.max(0, early, late);
  if (skewMs <= MOST_SKEW_MS) return { subject, state: "good", text: "agrees with the market's" };
  const text = `${(skewMs / 1_000).toFixed(0)} s ${early > late ? "ahead of" : "behind"} the market's`;
  return { subject, state: "bad", text, remedy: "have the system keep its time by NTP" };
}
