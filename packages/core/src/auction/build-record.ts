import { agentVersionId, BID_REASON, hashJson, type RoundBody, type RoundRecord, sortSnapshot } from "@stoa/protocol";
import { clearRound } from "./clear-round.ts";
import type { Clearing } from "./model.ts";
import { recordAward } from "./record-award.ts";
import { type RoundInputs, roundMarket } from "./round-market.ts";

/** The versions that were bid with, sorted by id: nothing else belongs into the record. */
function versionsBidWith({ nodes, versions }: RoundInputs): RoundInputs["versions"] {
  const bid = new Set(
    nodes.flatMap(
      ({ sheet }) =>
        sheet?.answers.filter(({ reason }) => reason === BID_REASON).map(({ agentVersion }) => agentVersion) ?? [],
    ),
  );
  return versions
    .map((version) => ({ id: agentVersionId(version.manifest), version }))
    .filter(({ id }) => bid.delete(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ version }) => version);
}

/**
 * Clears a closed round and writes its public record. The caller vouches for the inputs' signatures,
 * which it checked as they arrived; `verifyRecord` checks everything again for whoever does not trust it.
 * @throws {StoaError} `invalid_record` when an answer names what the inputs do not have
 */
export function buildRecord(given: RoundInputs): { record: RoundRecord; clearing: Clearing } {
  const inputs = { ...given, snapshot: sortSnapshot(given.snapshot), versions: versionsBidWith(given) };
  const { market, seed, roundId, barred } = roundMarket(inputs);
  const cleared = clearRound(market, seed);
  const clearing = { ...cleared, barred: [...barred, ...cleared.barred] };
  const body: RoundBody = {
    ...inputs,
    outcome: {
      seed,
      total: clearing.total.toString(),
      awards: clearing.awards.map(recordAward),
      withoutNode: clearing.withoutNode.map(({ node, total }) => ({ node, total: total.toString() })),
    },
  };
  const certificate = { taskDuals: clearing.taskDuals.map(String), nodeDuals: clearing.nodeDuals.map(String) };
  const record = { roundId, outcomeHash: hashJson(body), body, certificateHash: hashJson(certificate), certificate };
  return { record, clearing };
}
