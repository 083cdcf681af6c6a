import { StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import type { IndexedBlock } from "./event-source.ts";
import { readHeader } from "./read-blocks.ts";

/**
 * Finds the newest kept block that is still in the chain.
 * @throws {StoaError} `chain_reorganised` when none is
 */
export async function findAncestor(chain: Chain, kept: readonly IndexedBlock[]): Promise<IndexedBlock> {
  const stands = await Promise.all(kept.map(({ number }) => readHeader(chain, number)));
  const ancestor = kept.find(({ hash }, at) => stands[at]?.hash === hash);
  if (ancestor) return ancestor;
  const [newest, oldest] = [kept[0], kept.at(-1)];
  throw new StoaError(
    "chain_reorganised",
    `none of the blocks ${oldest?.number} to ${newest?.number} that were read of chain ${chain.chainId} is in it any more: ` +
      `block ${oldest?.number} was ${oldest?.hash} and is ${stands.at(-1)?.hash ?? "not there"}. ` +
      "The RPC serves another chain, or one that was reset, or the chain turned deeper than any reorganisation that can be followed",
    { details: { chainId: chain.chainId, oldest: oldest?.number, newest: newest?.number } },
  );
}
