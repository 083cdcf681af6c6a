// Vouchers of a payment channel checked a second on one core, beside viem's own check of the same ones.
import { parseArgs } from "node:util";
import { eip712Domain, requireSigner, signingAccount, signTyped, typedDataTypes } from "@stoa/protocol";
import { recoverTypedDataAddress, verifyTypedData } from "viem";
import { printReport } from "../report.ts";

const MUST = 10_000;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    vouchers: { type: "string", default: "20000" },
    /** Of the vouchers, how many viem checks: it takes longer for each. */
    viem: { type: "string", default: "1000" },
    runs: { type: "string", default: "3" },
  },
});
const [vouchers, byViem, runs] = [Number(values.vouchers), Number(values.viem), Number(values.runs)];

const signer = signingAccount(`0x${"11".repeat(32)}`);
const domain = { chainId: 8453, vault: signer.address };
const channels = Array.from({ length: 100 }, (_, at) => `0x${(at + 1).toString(16).padStart(64, "0")}` as const);
const signed = await Promise.all(
  Array.from({ length: vouchers }, async (_, at) => {
    const message = { channelId: channels[at % channels.length]!, amount: BigInt(at + 1) * 1_000n };
    return { message, signature: await signTyped(signer, domain, "Voucher", message) };
  }),
);
type Signed = (typeof signed)[number];

const definition = { domain: eip712Domain(domain), types: { Voucher: typedDataTypes.Voucher }, primaryType: "Voucher" };
const kinds = {
  "Stoa, requireSigner": {
    count: vouchers,
    check: ({ message, signature }: Signed) => requireSigner(domain, "Voucher", message, signature, signer.address),
  },
  "viem, recoverTypedDataAddress": {
    count: byViem,
    async check({ message, signature }: Signed) {
      const address = await recoverTypedDataAddress({ ...definition, primaryType: "Voucher", message, signature });
      if (address !== signer.address) throw new Error(`viem recovers ${address}`);
    },
  },
  "viem, verifyTypedData": {
    count: byViem,
    async check({ message, signature }: Signed) {
      const { address } = signer;
      const ok = await verifyTypedData({ ...definition, primaryType: "Voucher", message, signature, address });
      if (!ok) throw new Error("viem refuses a voucher");
    },
  },
};

/** Processor time of one check in microseconds, which a busy machine lengthens less than the clock's; the fastest run. */
async function microsOf({ count, check }: (typeof kinds)["viem, verifyTypedData"]): Promise<number> {
  // The first runs are the compiler's.
  for (const voucher of signed.slice(0, count / 4)) await check(voucher);
  let best = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const before = process.cpuUsage();
    for (const voucher of signed.slice(0, count)) await check(voucher);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / count);
  }
  return best;
}

const ours = await microsOf(kinds["Stoa, requireSigner"]);
const recovered = await microsOf(kinds["viem, recoverTypedDataAddress"]);
const verified = await microsOf(kinds["viem, verifyTypedData"]);
const rate = (micros: number) => 1_000_000 / micros;

printReport({
  name: "vouchers",
  title: "Checking a channel's vouchers on one core",
  columns: ["check", "vouchers", "CPU µs each", "a second a core", "Stoa is faster by"],
  rows: [
    ["Stoa, requireSigner", vouchers, ours, rate(ours), ""],
    ["viem, recoverTypedDataAddress", byViem, recovered, rate(recovered), recovered / ours],
    ["viem, verifyTypedData", byViem, verified, rate(verified), verified / ours],
  ],
  figures: {
    vouchersPerSecondPerCore: rate(ours),
    viemRecoversPerSecondPerCore: rate(recovered),
    viemVerifiesPerSecondPerCore: rate(verified),
  },
  ratios: { toMust: rate(ours) / MUST, fasterThanViemRecover: recovered / ours, fasterThanViemVerify: verified / ours },
  notes: [
    "Each check hashes the voucher by EIP-712, recovers who signed it and compares; processor time, fastest run.",
    `Must: ${MUST.toLocaleString("en")} a second a core.`,
  ],
});
