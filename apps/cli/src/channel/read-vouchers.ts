import type { SignedVoucher } from "@stoa/chain";
import type { Cli } from "../cli.ts";
import { readText } from "../terminal/read-text.ts";
import { parseVouchers } from "./parse-vouchers.ts";

/**
 * Reads vouchers from a file, or from standard input for `-`.
 * @throws {StoaError} `not_found`, `malformed_json`, `invalid_request`, `malformed_id`
 */
export async function readVouchers(cli: Cli, path: string): Promise<SignedVoucher[]> {
  return parseVouchers(await readText(cli, path));
}
