import { mnemonicToAccount } from "viem/accounts";

/** What a local chain derives its funded accounts from: public, so worth nothing anywhere else. */
const MNEMONIC = "test test test test test test test test test test test junk";

/**
 * One of the ten funded accounts of a local chain.
 * @example
 * const deployer = localAccount(0);
 */
export function localAccount(index: number) {
  return mnemonicToAccount(MNEMONIC, { addressIndex: index });
}
