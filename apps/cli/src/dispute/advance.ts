import { advanceDispute } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import { instant } from "../terminal/instant.ts";
import { requireDispute } from "./require-dispute.ts";

export function advance(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "advance",
    description: "take the step a dispute waits for: the end of a window, or the draw of arbitrators; anyone may",
    of: "a dispute",
    examples: ["stoa dispute advance 1"],
    async act(contracts, disputeId) {
      const before = await requireDispute(contracts, disputeId);
      if (before.phase === "closed") throw new StoaError("wrong_state", `dispute ${disputeId} is closed`);
      const sent = advanceDispute(await contracts.sender(), { court: contracts.at("court"), disputeId });
      const txHash = await sent.catch((cause: unknown) => {
        throw isEarly(cause)
          ? new StoaError(
              "wrong_state",
              `dispute ${disputeId} is ${before.phase} until ${instant(before.phaseEndsAt)}; only a complete panel goes on before`,
              { cause },
            )
          : cause;
      });
      const { phase, phaseEndsAt, winner } = await requireDispute(contracts, disputeId);
      const ends = phaseEndsAt === null ? "" : ` until ${instant(phaseEndsAt)}`;
      return {
        text: `dispute ${disputeId} went on from ${before.phase} to ${phase}${ends}`,
        txHash,
        facts: { disputeId, phase, phaseEndsAt: instant(phaseEndsAt), winner },
      };
    },
  });
}

function isEarly(cause: unknown): boolean {
  return cause instanceof StoaError && cause.details?.["error"] === "PhaseStillOpen";
}
