import { type Address, StoaError } from "@stoa/protocol";
import { hexToString, parseEventLogs, zeroAddress } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { didRegistryAbi } from "../generated/did-registry.ts";
import { type Header, readHeader } from "../indexer/read-blocks.ts";
import type { DidChange, DidHistory } from "./did-change.ts";
import { parseDid } from "./parse-did.ts";

/** A DID's owner can change it without end, and whoever verifies its word must not read without end. */
const MAX_BLOCKS = 1_000;

/**
 * Reads all that the registry says of a DID. Each event names the block of the one before, so the chain is not searched.
 * @param maxBlocks in how many blocks the DID may have been changed
 * @throws {StoaError} `invalid_request` for another chain's DID, and one changed more often than that;
 * `chain_unavailable` when the chain moved meanwhile
 */
export async function readDidHistory(
  chain: Chain,
  registry: Address,
  did: string,
  maxBlocks = MAX_BLOCKS,
): Promise<DidHistory> {
  const { chainId, address } = parseDid(did);
  if (chainId !== chain.chainId) {
    throw new StoaError("invalid_request", `${did} is of chain ${chainId}, this is chain ${chain.chainId}`);
  }
  const head = await readBlock(chain);
  const changed = await readContract(chain, {
    address: registry,
    abi: didRegistryAbi,
    functionName: "changed",
    args: [address],
    blockNumber: BigInt(head.number),
  });
  const changes: DidChange[] = [];
  let block = changed;
  for (let blocks = 1; block !== 0n; blocks += 1) {
    if (blocks > maxBlocks) throw new StoaError("invalid_request", `${did} was changed in over ${maxBlocks} blocks`);
    const found = await changesIn(chain, registry, address, block);
    changes.unshift(...found.changes);
    block = found.previous;
  }
  if ((await readBlock(chain, head.number)).hash !== head.hash) {
    throw new StoaError("chain_unavailable", `the chain moved while ${did} was read`);
  }
  return { did, chainId, owner: ownerAfter(address, changes), changes };
}

/** Giving a DID to nobody gives it up for good, though the registry would hear its address again. */
function ownerAfter(address: Address, changes: readonly DidChange[]): Address | null {
  const owners = changes.flatMap((change) => (change.kind === "owner" ? [change.owner] : []));
  return owners.includes(zeroAddress) ? null : (owners.at(-1) ?? address);
}

/** The block of a number, or the newest. */
async function readBlock(chain: Chain, number: number | "latest" = "latest"): Promise<Header> {
  const header = await readHeader(chain, number).catch((cause: unknown) => {
    throw toChainError(cause, "reading a block");
  });
  if (!header) throw new StoaError("chain_unavailable", `the chain has no block ${number}`);
  return header;
}

/** The changes of one block in their order, and the block of the change before them; 0 when there is none. */
async function changesIn(chain: Chain, registry: Address, identity: Address, block: bigint) {
  const logs = await chain.client
    .getLogs({ address: registry, fromBlock: block, toBlock: block })
    .catch((cause: unknown) => {
      throw toChainError(cause, "reading the DID registry");
    });
  const own = parseEventLogs({ abi: didRegistryAbi, logs }).filter(({ args }) => args.identity === identity);
  const previous = own[0]?.args.previousChange;
  // The registry itself points here, so only another branch of the chain has nothing.
  if (previous === undefined || previous >= block) {
    throw new StoaError("chain_unavailable", `block ${block} lacks the change of ${identity} the registry points to`);
  }
  return { changes: own.map(toChange), previous };
}

type DidLog = ReturnType<typeof parseEventLogs<typeof didRegistryAbi>>[number];

function toChange({ eventName, args }: DidLog): DidChange {
  switch (eventName) {
    case "DIDOwnerChanged":
      return { kind: "owner", owner: args.owner };
    case "DIDDelegateChanged": {
      const { delegateType, delegate, validTo } = args;
      return { kind: "delegate", type: toText(delegateType), delegate, validTo };
    }
    case "DIDAttributeChanged":
      return { kind: "attribute", name: toText(args.name), value: args.value, validTo: args.validTo };
  }
}

/** A bytes32 as the text it holds. */
function toText(word: `0x${string}`): string {
  return hexToString(word, { size: 32 });
}
