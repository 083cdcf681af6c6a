import type { Chain } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import { instant } from "../terminal/instant.ts";
import { chainTime } from "./chain-time.ts";

/**
 * Holds back what the chain would refuse for being early.
 * @param from epoch milliseconds
 * @param what "5 tUSD can be completed"
 * @throws {StoaError} `wrong_state` while that has not come by the chain's clock
 */
export async function requireTime(chain: Chain, from: number, what: string): Promise<void> {
  const now = await chainTime(chain);
  if (now >= from) return;
  throw new StoaError("wrong_state", `${what} from ${instant(from)}, the chain's time is ${instant(now)}`);
}
