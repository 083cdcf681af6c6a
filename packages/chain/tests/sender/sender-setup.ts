import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hash } from "@stoa/protocol";
import { type LocalAccount, privateKeyToAccount } from "viem/accounts";
import { onTestFinished } from "vitest";
import { type Anvil, type Chain, connectChain, startAnvil } from "@stoa/chain";
import { callAnvil } from "@stoa/testkit";

/** A chain that mines only when told, with one funded key nobody else has. */
export interface QuietChain {
  anvil: Anvil;
  chain: Chain;
  key: Hash;
  account: LocalAccount;
  folder: string;
  mine(blocks?: number): Promise<unknown>;
  /** Where a payment goes that nothing else pays to. */
  freshAddress(): `0x${string}`;
  balanceOf(address: `0x${string}`): Promise<bigint>;
}

export async function startQuietChain(): Promise<QuietChain> {
  const anvil = await startAnvil();
  onTestFinished(() => anvil.stop());
  const folder = await mkdtemp(join(tmpdir(), "stoa-sender-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  const key: Hash = `0x${randomBytes(32).toString("hex")}`;
  const account = privateKeyToAccount(key);
  await callAnvil(anvil, "anvil_setBalance", [account.address, "0x56bc75e2d63100000"]);
  await callAnvil(anvil, "evm_setAutomine", [false]);
  await callAnvil(anvil, "anvil_mine", ["0x3"]);
  return {
    anvil,
    chain,
    key,
    account,
    folder,
    mine: (blocks = 1) => callAnvil(anvil, "anvil_mine", [`0x${blocks.toString(16)}`]),
    freshAddress: () => privateKeyToAccount(`0x${randomBytes(32).toString("hex")}`).address,
    balanceOf: (address) => chain.client.getBalance({ address }),
  };
}
