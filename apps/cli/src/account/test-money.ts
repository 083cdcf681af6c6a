import { type ChainSender, mintTestDollars } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";

/** Gas for some hundred transactions. */
const GAS_WEI = 10n ** 18n;

/**
 * Gives the sender's wallet test dollars and gas. Only a local chain can do it: it sets balances when asked to.
 * @throws {StoaError} `chain_rejected` on any other chain
 */
export async function mintTestMoney(
  sender: ChainSender,
  { token, amount }: { token: Address; amount: bigint },
): Promise<void> {
  const { chain } = sender;
  const held = await chain.client.getBalance({ address: sender.address });
  if (held < GAS_WEI) {
    try {
      await chain.client.request({
        method: "anvil_setBalance" as never,
        params: [sender.address, `0x${GAS_WEI.toString(16)}`] as never,
      });
    } catch (cause) {
      throw new StoaError("chain_rejected", `chain ${chain.chainId} makes no test money: it is no local chain`, {
        cause,
      });
    }
  }
  await mintTestDollars(sender, { token, to: sender.address, amount });
}
