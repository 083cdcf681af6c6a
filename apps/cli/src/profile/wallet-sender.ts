import { join } from "node:path";
import { type Chain, type ChainSender, createSender, fileJournal } from "@stoa/chain";
import { type FolderLock, lockFolder } from "@stoa/host";
import type { PrivateKeyAccount } from "viem";
import { gaslessWallet } from "./gasless-wallet.ts";
import type { Profile } from "./resolve-profile.ts";

/** Held until the process ends: what one command sends, another does not send at the same time. */
const locks = new Map<string, Promise<FolderLock>>();

/**
 * Sends a wallet's transactions; what a command left unfinished, the next one finds in the profile's home. A gasless
 * profile's go out as operations that its market pays for.
 */
export async function walletSender(
  profile: Pick<Profile, "home" | "url" | "isGasless">,
  chain: Chain,
  wallet: PrivateKeyAccount,
): Promise<ChainSender> {
  if (profile.isGasless) return gaslessWallet(profile, chain, wallet);
  const { home } = profile;
  const folder = join(home, "sent", `${chain.chainId}-${wallet.address}`);
  const journal = fileJournal(join(folder, "sent.json"), () => {
    const lock = locks.get(folder) ?? lockFolder(folder);
    locks.set(folder, lock);
    lock.catch(() => locks.delete(folder));
    return lock;
  });
  return createSender(chain, wallet, { journal });
}
