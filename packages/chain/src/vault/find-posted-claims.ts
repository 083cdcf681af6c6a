import type { Address, Hash } from "@stoa/protocol";
import { parseEventLogs } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { readLogs } from "../deploy/read-logs.ts";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import { claimBatchesOf } from "./claim-batches-of.ts";
import type { PostedClaim } from "./claim-tree.ts";

/** A batch of claims, with all its leaves in order. */
export interface PostedBatch {
  root: Hash;
  token: Address;
  /** Epoch seconds. */
  payableAt: number;
  claims: PostedClaim[];
}

/** Blocks that are read at a time: many more the further back it goes. */
const FIRST_RANGE = 2_000n;
/** Orders that a question names: endpoints bound how many topics it may have. */
const AT_ONCE = 40;

/**
 * Finds the batches that orders were claimed in, by the contract's logs: of each order the one that is payable first.
 * @param since epoch seconds: none can be older
 */
export async function findPostedClaims(
  chain: Chain,
  vault: Address,
  { orderHashes, since }: { orderHashes: readonly Hash[]; since: number },
): Promise<Map<Hash, PostedBatch>> {
  const found = new Map<Hash, PostedBatch>();
  if (orderHashes.length === 0) return found;
  const address = await claimBatchesOf(chain, vault);
  const firsts = new Map<Hash, { txHash: Hash; payableAt: number }>();
  for (let at = 0; at < orderHashes.length; at += AT_ONCE) {
    const asked = { address, vault, orderHashes: orderHashes.slice(at, at + AT_ONCE), since };
    for (const { args, transactionHash } of await readBackwards(chain, asked)) {
      const known = firsts.get(args.orderHash);
      const payableAt = Number(args.payableAt);
      if (!known || payableAt <= known.payableAt) firsts.set(args.orderHash, { txHash: transactionHash, payableAt });
    }
  }
  const batches = new Map<Hash, PostedBatch[]>();
  for (const [orderHash, { txHash }] of firsts) {
    if (!batches.has(txHash)) batches.set(txHash, await batchesIn(chain, { address, vault, txHash }));
    const batch = batches.get(txHash)?.find(({ claims }) => claims.some((claim) => claim.orderHash === orderHash));
    if (batch) found.set(orderHash, batch);
  }
  return found;
}

async function readBackwards(
  chain: Chain,
  asked: { address: Address; vault: Address; orderHashes: readonly Hash[]; since: number },
) {
  const { client } = chain;
  const { address, vault, orderHashes, since } = asked;
  try {
    let to = await client.getBlockNumber({ cacheTime: 0 });
    const logs: Awaited<ReturnType<typeof read>> = [];
    const read = (range: { fromBlock: bigint; toBlock: bigint }) =>
      client.getContractEvents({
        address,
        abi: claimBatchesAbi,
        eventName: "ClaimPosted",
        args: { orderHash: [...orderHashes], vault },
        strict: true,
        ...range,
      });
    for (let range = FIRST_RANGE; ; range *= 2n) {
      const from = to < range ? 0n : to - range + 1n;
      logs.push(...(await readLogs({ from, to }, read)));
      if (from === 0n || Number((await client.getBlock({ blockNumber: from })).timestamp) < since) return logs;
      to = from - 1n;
    }
  } catch (cause) {
    throw toChainError(cause, "looking for posted claims");
  }
}

/** A transaction's batches: each is closed by an event of its own. */
async function batchesIn(
  chain: Chain,
  { address, vault, txHash }: { address: Address; vault: Address; txHash: Hash },
): Promise<PostedBatch[]> {
  const receipt = await chain.client.getTransactionReceipt({ hash: txHash }).catch((cause: unknown) => {
    throw toChainError(cause, `reading the claims ${txHash}`);
  });
  const own = receipt.logs.filter((log) => log.address.toLowerCase() === address.toLowerCase());
  const batches: PostedBatch[] = [];
  let open: Omit<PostedBatch, "root"> | undefined;
  for (const { eventName, args } of parseEventLogs({ abi: claimBatchesAbi, logs: own })) {
    if (eventName === "ClaimPosted") {
      open ??= { token: args.token, payableAt: Number(args.payableAt), claims: [] };
      open.claims.push(args.claim);
    } else if (eventName === "ClaimsPosted") {
      if (open && args.vault === vault) batches.push({ root: args.root, ...open });
      open = undefined;
    }
  }
  return batches;
}
