import { type ChainSender, tokenBalance } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import { mintTestMoney } from "../account/test-money.ts";
import type { Money } from "../terminal/money.ts";

/**
 * Sees that the sender's wallet holds what it is about to pay, and makes it first where that is asked for.
 * @param given.what "the deposit is"
 * @throws {StoaError} `insufficient_funds`; `chain_rejected` for test money on a chain that makes none
 */
export async function requireInWallet(
  sender: ChainSender,
  given: { token: Address; amount: bigint; money: Money; what: string; testMoney: boolean | undefined },
): Promise<void> {
  const { token, amount, money, what, testMoney = false } = given;
  if (testMoney) await mintTestMoney(sender, { token, amount });
  const holds = await tokenBalance(sender.chain, token, sender.address);
  if (holds >= amount) return;
  throw new StoaError(
    "insufficient_funds",
    `the wallet ${sender.address} holds ${money.format(holds)}, ${what} ${money.format(amount)}`,
  );
}
