import { signingAccount } from "@stoa/protocol";
import { bytesToHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";

/** What a local chain derives its funded accounts from: public, so worth nothing anywhere else. */
const MNEMONIC = "test test test test test test test test test test test junk";

/**
 * One of the ten funded accounts of a local chain.
 * @example
 * const deployer = localAccount(0);
 */
export function localAccount(index: number) {
  const account = mnemonicToAccount(MNEMONIC, { addressIndex: index });
  const { privateKey } = account.getHdKey();
  if (!privateKey) throw new TypeError("a development account has no private key");
  return { ...signingAccount(bytesToHex(privateKey)), getHdKey: () => account.getHdKey() };
}
