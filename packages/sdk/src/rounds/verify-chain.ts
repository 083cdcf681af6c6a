import {
  checkChainAnchors,
  checkChainLinks,
  runChecks,
  type VerificationCheck,
  type VerificationReport,
} from "@stoa/core";
import { type Hash, StoaError } from "@stoa/protocol";
import { requireAnchors } from "../anchors/require-anchors.ts";
import type { Connection } from "../connection.ts";
import { checkLink, readLinks } from "./walk-chain.ts";

export interface VerifyChain {
  /** The outcome hash to go back from; the newest round's when absent. It must be there. */
  from?: Hash;
  /** Also holds the chain to what was anchored on chain. */
  anchored?: boolean;
  /** JSON-RPC endpoint to read anchors from; the market's own when absent, which then must be believed. */
  rpcUrl?: string;
  /** Told how many records are checked. */
  onProgress?: (checked: number, of: number) => void;
}

/** What checking a capability's chain of rounds gave. */
export interface ChainVerification extends VerificationReport {
  capability: string;
  /** The outcome hash it was followed back from; null when there is no round. */
  head: Hash | null;
  rounds: number;
}

/**
 * Follows a capability's closed rounds from the newest, or a given one, back to the first: every record must hash to
 * what the next one names, with its re-awards chained to it. The first record that is missing, replaced or out of its
 * place is named. Whether each record is right in itself is for `verifyRound`.
 * @throws {StoaError} when the market or the chain is away: that says nothing about the rounds
 */
export async function verifyChain(
  connection: Connection,
  capability: string,
  { from, anchored = false, rpcUrl, onProgress }: VerifyChain = {},
): Promise<ChainVerification> {
  const info = await connection.terms();
  const terms = { segment: capability, operator: info.operator };
  const anchors = anchored ? await (await requireAnchors(info, rpcUrl)).list({ ...terms, vault: info.vault }) : null;
  const links = await readLinks(connection, capability, { from });
  const linked = await runChecks([["links", () => checkChainLinks(links, { head: from })]]);
  const checks: VerificationCheck[] = [...linked.checks];
  const ended = (failure?: VerificationCheck): ChainVerification => ({
    capability,
    head: links[0]?.outcomeHash ?? null,
    rounds: links.length,
    ok: failure === undefined,
    checks,
    ...(failure && { firstFailure: failure }),
  });
  if (linked.firstFailure) return ended(linked.firstFailure);
  if (anchors) {
    const under = await runChecks([["anchors", () => checkChainAnchors(links, anchors, { isWhole: !from })]]);
    checks.push(...under.checks);
    if (under.firstFailure) return ended(under.firstFailure);
  }
  for (const [at, link] of links.entries()) {
    const failure = await failureOf(() => checkLink(connection, link, terms));
    if (failure) {
      checks.push(failure);
      return ended(failure);
    }
    onProgress?.(at + 1, links.length);
  }
  checks.push({ name: "records", ok: true, detail: `${links.length} records hash to what the chain names` });
  return ended();
}

/** What a check of a record found wrong; whatever else it throws is no word about the record. */
async function failureOf(check: () => Promise<void>): Promise<VerificationCheck | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (!(error instanceof StoaError) || error.code !== "invalid_record") throw error;
    return { name: "records", ok: false, detail: error.message };
  }
}
