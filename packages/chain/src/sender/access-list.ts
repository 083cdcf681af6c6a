import type { AccessList } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import type { Address } from "@stoa/protocol";
import type { IntentBody } from "./sign-intent.ts";

/** Below this what a list saves is not worth the question. */
const WORTH_ASKING = 1_000_000n;

/**
 * The EIP-2930 list of what a call touches, when saying it beforehand makes the call cheaper: a slot costs a hundred less
 * for it, an address that is touched anyway twenty-four hundred more.
 * @param gas what it costs without one
 * @returns undefined when it would cost more, or the chain knows no such lists
 */
export async function cheaperAccessList(
  { client }: Chain,
  account: Address,
  { to, data, value }: Pick<IntentBody, "to" | "data" | "value">,
  gas: bigint,
): Promise<AccessList | undefined> {
  if (gas < WORTH_ASKING || to === null) return undefined;
  try {
    const call = { account, to, data, value: BigInt(value), blockTag: "pending" } as const;
    const { accessList, gasUsed } = await client.createAccessList(call);
    return gasUsed < gas ? accessList : undefined;
  } catch {
    // It is for money's sake only: the call itself was answered just before.
    return undefined;
  }
}
