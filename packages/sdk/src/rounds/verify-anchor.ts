import { checkChainLinks, disagree, runChecks, type VerificationReport } from "@stoa/core";
import type { MarketInfo, PublishedRound, RoundAnchor } from "@stoa/protocol";
import { requireAnchors } from "../anchors/require-anchors.ts";
import type { Connection } from "../connection.ts";
import { getRound } from "./get-round.ts";
import { checkLink, readLinks } from "./walk-chain.ts";

/**
 * Checks that a record, right in itself already, lies under a head that its operator anchored on chain: the anchor is
 * read from the chain, and every record from the head back to this one is held to the hash that the next one names.
 * @param rpcUrl the endpoint to read anchors from; the market's own when undefined, which then must be believed
 */
export async function verifyAnchor(
  connection: Connection,
  { record }: Pick<PublishedRound, "record">,
  info: MarketInfo,
  rpcUrl: string | undefined,
): Promise<VerificationReport> {
  const { opening } = record.body;
  const { operator, segment } = opening;
  const { vault } = opening.domain;
  const anchors = await requireAnchors(info, rpcUrl);
  const { anchor } = await getRound(connection, record.roundId);
  const found = anchor && (await anchors.find({ operator, vault, segment }, anchor));
  // Nobody can make the walk longer than the chain says it is.
  const links =
    found && anchor
      ? await readLinks(connection, segment, {
          from: found.head,
          isEnough: (read) => read.at(-1)?.outcomeHash === record.outcomeHash || read.length >= found.position,
        })
      : [];
  return runChecks([
    [
      "anchor",
      () => {
        if (!anchor) return disagree("the round is not anchored yet");
        if (!found) return disagree(`block ${anchor.blockNumber} has no anchor of ${anchor.head} by ${operator}`);
        return describe(found);
      },
    ],
    [
      "anchored",
      async () => {
        if (links.at(-1)?.outcomeHash !== record.outcomeHash)
          return disagree(`the anchored chain does not have ${record.outcomeHash}: the record was replaced`);
        checkChainLinks(links, { head: found!.head, end: opening.previousHash });
        for (const link of links.slice(0, -1)) await checkLink(connection, link, { segment, operator });
        return links.length === 1 ? "its own hash" : `under round ${links[0]!.roundId}, ${links.length - 1} later`;
      },
    ],
  ]);
}

function describe({ position, blockNumber, txHash }: RoundAnchor): string {
  return `the first ${position} rounds, in block ${blockNumber} by ${txHash}`;
}
