import type { SignedVoucher } from "@stoa/chain";
import { parseHash, type Signature, StoaError } from "@stoa/protocol";

/** A voucher as it is handed over: the amount is of the token's smallest unit, in all. */
export function writeVoucher({ channelId, amount, signature }: SignedVoucher): Record<string, string> {
  return { channelId, amount: amount.toString(), signature };
}

/**
 * Reads vouchers as `stoa channel pay` prints them, one JSON object a line.
 * @throws {StoaError} `malformed_json`, `invalid_request`, `malformed_id`
 */
export function parseVouchers(text: string): SignedVoucher[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new StoaError("invalid_request", "there is no voucher in it");
  return lines.map((line, at) => parseVoucher(line, `line ${at + 1}`));
}

function parseVoucher(line: string, where: string): SignedVoucher {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new StoaError("malformed_json", `${where} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const { channelId, amount, signature } = (json ?? {}) as Record<string, unknown>;
  if (typeof amount !== "string" || !/^\d{1,38}$/.test(amount)) {
    throw new StoaError(
      "invalid_request",
      `${where}: a voucher has an amount in digits, got ${JSON.stringify(amount)}`,
    );
  }
  if (typeof signature !== "string" || !/^0x[0-9a-f]{130}$/i.test(signature))
    throw new StoaError("invalid_request", `${where}: a voucher has a signature of 65 bytes`);
  const id = parseHash(String(channelId), `channelId of ${where}`);
  return { channelId: id, amount: BigInt(amount), signature: signature as Signature };
}
