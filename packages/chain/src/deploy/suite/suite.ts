import { agentContracts } from "./agent-contracts.ts";
import { escrowContracts } from "./escrow-contracts.ts";
import { gaslessContracts } from "./gasless-contracts.ts";
import { governanceContracts } from "./governance-contracts.ts";
import { marketContracts, moneyContracts } from "./market-contracts.ts";
import type { SuiteContract } from "./suite-contract.ts";

/**
 * The contracts of a market, in the order in which they are deployed: each may be made of those before it.
 *
 * To add one: list it in contracts/scripts/compile.ts, name it in `OwnContract`, and describe it in one of these lists.
 */
export const suite: readonly SuiteContract[] = [
  ...moneyContracts,
  ...governanceContracts,
  ...marketContracts,
  ...agentContracts,
  ...escrowContracts,
  ...gaslessContracts,
];
