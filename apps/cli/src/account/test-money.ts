import { type Chain, type ChainSender, createSender, mintTestDollars } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** Gas for some hundred transactions. */
const GAS_WEI = 10n ** 18n;

/**
 * Gives the sender's wallet test dollars, and gas unless another pays it. Only a local chain can do it: it sets balances
 * when asked to.
 * @throws {StoaError} `chain_rejected` on any other chain
 */
export async function mintTestMoney(
  sender: ChainSender,
  { token, amount }: { token: Address; amount: bigint },
): Promise<void> {
  const { chain } = sender;
  const to = sender.address;
  if (sender.isSponsored) {
    // Whoever pays for the wallet does not pay for this, and the wallet is to have no gas of its own.
    const passing = privateKeyToAccount(generatePrivateKey());
    await makeGas(chain, passing.address);
    await mintTestDollars(createSender(chain, passing), { token, to, amount });
    return;
  }
  const held = await chain.client.getBalance({ address: to });
  if (held < GAS_WEI) await makeGas(chain, to);
  await mintTestDollars(sender, { token, to, amount });
}

async function makeGas(chain: Chain, address: Address): Promise<void> {
  try {
    await chain.client.request({
      method: "anvil_setBalance" as never,
      params: [address, `0x${GAS_WEI.toString(16)}`] as never,
    });
  } catch (cause) {
    throw new StoaError("chain_rejected", `chain ${chain.chainId} makes no test money: it is no local chain`, {
      cause,
    });
  }
}
