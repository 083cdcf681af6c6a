import type { Anvil, Chain, ChainSender } from "@stoa/chain";
import type { Hash } from "@stoa/protocol";
import { callAnvil } from "@stoa/testkit";
import { BlockNotFoundError } from "viem";

/** How the chain behaves while the story is told. */
export interface Weather {
  /** Whether every few transactions the chain turns, and the newest leaves it with its block. */
  isStormy: boolean;
  /** How often the chain turned, by the depth to which it did. */
  readonly turns: Map<number, number>;
  /**
   * A sender whose transactions get a block at once, and in a storm may lose it again.
   * @param carrierOf which transaction carries what was sent, once a block has it
   */
  over(sender: ChainSender, carrierOf?: (sent: Hash) => Promise<Hash>): ChainSender;
  mine(blocks: number): Promise<void>;
  /**
   * Takes a transaction's block, and all above it, out of the chain.
   * @returns whether it did: a block that has become final meanwhile stays
   */
  undo(txHash: Hash): Promise<boolean>;
}

/** Blocks that the ledger waits for: the chain never turns deeper, however slow the machine is. */
export const CONFIRMATIONS = 12;
/** In a storm, which transactions lose their block. */
const EVERY = 3;
/** How many blocks stand on a block before it leaves the chain, in turn. */
const BURIED = [0, 1, 2, 4, 6];

export function openWeather(anvil: Anvil, chain: Chain): Weather {
  let sent = 0;
  const turns = new Map<number, number>();
  const mine = async (blocks: number) => void (await callAnvil(anvil, "anvil_mine", [blocks]));
  const weather: Weather = {
    isStormy: false,
    turns,
    over(sender, carrierOf = async (sent) => sent) {
      return {
        ...sender,
        async send(request) {
          const hash = await sender.send(request);
          await mine(1);
          sent += 1;
          if (!weather.isStormy || sent % EVERY !== 0) return hash;
          const txHash = await carrierOf(hash);
          await mine(BURIED[(sent / EVERY) % BURIED.length]!);
          await weather.undo(txHash);
          return hash;
        },
      };
    },
    mine,
    async undo(hash) {
      const { blockNumber, blockHash } = await chain.client.getTransactionReceipt({ hash });
      const isThere = async () => (await hashAt(chain, blockNumber)) === blockHash;
      // A block that is mined meanwhile makes the turn too short by one.
      while (await isThere()) {
        const depth = Number((await chain.client.getBlockNumber({ cacheTime: 0 })) - blockNumber) + 1;
        if (depth >= CONFIRMATIONS) return false;
        await callAnvil(anvil, "anvil_reorg", [depth, []]);
        turns.set(depth, (turns.get(depth) ?? 0) + 1);
      }
      return true;
    },
  };
  return weather;
}

/** The hash of the block at a height; none while the chain, between two forks, is shorter than that. */
async function hashAt(chain: Chain, blockNumber: bigint): Promise<Hash | undefined> {
  try {
    return (await chain.client.getBlock({ blockNumber })).hash;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined;
    throw error;
  }
}
