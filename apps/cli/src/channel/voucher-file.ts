import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SignedVoucher } from "@stoa/chain";
import { writeWhole } from "@stoa/host";
import { type Hash, StoaError } from "@stoa/protocol";
import type { OpenedContracts } from "../contracts/open-contracts.ts";
import { parseVouchers, writeVoucher } from "./parse-vouchers.ts";

/** The folder of a channel's newest voucher, which one process at a time writes. */
export function voucherFolder({ profile, chain, at }: OpenedContracts, channelId: Hash): string {
  return join(profile.home, "vouchers", `${chain.chainId}-${at("channels")}`, channelId);
}

/** Keeps the newest voucher that was signed: the next one pays on top of it. */
export async function saveVoucher(contracts: OpenedContracts, voucher: SignedVoucher): Promise<void> {
  const file = join(voucherFolder(contracts, voucher.channelId), "newest.json");
  await writeWhole(file, `${JSON.stringify(writeVoucher(voucher))}\n`, 0o600);
}

/**
 * Reads the newest voucher of a channel that was signed here; null when there is none.
 * @throws {StoaError} `invalid_configuration` when the file holds anything else
 */
export async function newestVoucher(contracts: OpenedContracts, channelId: Hash): Promise<SignedVoucher | null> {
  const file = join(voucherFolder(contracts, channelId), "newest.json");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw cause;
  }
  try {
    return parseVouchers(text)[0] ?? null;
  } catch (cause) {
    throw new StoaError("invalid_configuration", `${file}: ${(cause as Error).message}`, { cause });
  }
}
