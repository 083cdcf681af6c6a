import { RpcRequestError, TimeoutError } from "viem";
import { toChainError } from "../client/to-chain-error.ts";

/** Below this a refusal is not for the range's sake. */
const SMALLEST_RANGE = 100n;

/**
 * Reads logs of a range that the chain's endpoint may find too long: halves it until it answers.
 * @param read one range, both ends included
 */
export async function readLogs<Log>(
  range: { from: bigint; to: bigint },
  read: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<Log[]>,
): Promise<Log[]> {
  const { from, to } = range;
  try {
    return await read({ fromBlock: from, toBlock: to });
  } catch (cause) {
    if (to - from < SMALLEST_RANGE || !isTooLong(cause)) throw toChainError(cause, `reading blocks ${from} to ${to}`);
  }
  const middle = (from + to) / 2n;
  const older = await readLogs({ from, to: middle }, read);
  return [...older, ...(await readLogs({ from: middle + 1n, to }, read))];
}

/** Endpoints say so in many words, but always by refusing the request, or by not answering in time. */
function isTooLong(cause: unknown): boolean {
  const walk = (cause as { walk?: (check: (error: unknown) => boolean) => unknown }).walk;
  if (typeof walk !== "function") return false;
  return walk.call(cause, (error) => error instanceof RpcRequestError || error instanceof TimeoutError) !== null;
}
