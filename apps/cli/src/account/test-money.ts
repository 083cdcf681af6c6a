import { type ChainSender, createSender, localAccount, mintTestDollars } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";

/** Gas for some hundred transactions. */
const GAS_WEI = 10n ** 18n;

/**
 * Gives a wallet test dollars and gas. Only a local chain can do it: its accounts' keys are public, and it sets balances.
 * @throws {StoaError} `chain_rejected` on any other chain
 */
export async function mintTestMoney(
  sender: ChainSender,
  { token, to, amount }: { token: Address; to: Address; amount: bigint },
): Promise<void> {
  const { chain } = sender;
  const held = await chain.client.getBalance({ address: to });
  if (held < GAS_WEI) {
    try {
      await chain.client.request({
        method: "anvil_setBalance" as never,
        params: [to, `0x${GAS_WEI.toString(16)}`] as never,
      });
    } catch (cause) {
      throw new StoaError("chain_rejected", `chain ${chain.chainId} makes no test money: it is no local chain`, {
        cause,
      });
    }
  }
  await mintTestDollars(createSender(chain, localAccount(9)), { token, to, amount });
}
