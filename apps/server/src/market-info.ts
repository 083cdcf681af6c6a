import { OPEN_RULE_VERSION, RULE_VERSION } from "@stoa/core";
import { limits, type MarketInfo } from "@stoa/protocol";
import type { ServerConfig } from "./config.ts";
import type { Foundation } from "./open-foundation.ts";
import { version } from "./version.ts";

/** What `GET /api/v1/market` answers: all a client must know to sign anything here. */
export function marketInfo(
  { market: { terms }, operator, runner, token }: Foundation,
  config: ServerConfig,
  addresses: string[],
): MarketInfo {
  return {
    chainId: terms.domain.chainId,
    ...(config.publishRpc ? { rpcUrl: config.rpcUrl } : {}),
    vault: terms.domain.vault,
    ...(config.anchors ? { anchors: config.anchors } : {}),
    ...(config.paymaster ? { paymaster: config.paymaster } : {}),
    token,
    operator: operator.address,
    workflowRunner: runner.address,
    feeBps: terms.feeBps,
    withdrawDelaySeconds: terms.withdrawDelaySeconds,
    challengeWindowSeconds: terms.challengeWindowSeconds,
    approvalWindowSeconds: terms.approvalWindowSeconds,
    roundWindowMs: terms.roundWindowMs,
    openAuctions: { ...terms.openAuctions, ruleVersion: OPEN_RULE_VERSION },
    minBond: terms.minBond.toString(),
    ruleVersion: RULE_VERSION,
    limits: { ...limits },
    network: { addresses },
    version,
  };
}
