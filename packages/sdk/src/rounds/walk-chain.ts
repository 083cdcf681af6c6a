import { checkChainRecord, checkChainSupplements, type ChainTerms, disagree } from "@stoa/core";
import { type ChainLink, type Hash, type ListChainQuery, MAX_PAGE_ITEMS, StoaError } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { getRecord } from "./get-record.ts";
import { listChain } from "./list-chain.ts";

/** Reads a capability's listed rounds, the newest first, until one is enough or there are no more. */
export async function readLinks(
  connection: Connection,
  capability: string,
  { from, isEnough = () => false }: { from?: Hash | undefined; isEnough?: (links: readonly ChainLink[]) => boolean },
): Promise<ChainLink[]> {
  const links: ChainLink[] = [];
  const query: ListChainQuery = { limit: MAX_PAGE_ITEMS, ...(from === undefined ? {} : { from }) };
  for (;;) {
    const page = await listChain(connection, capability, query);
    for (const link of page.items) {
      links.push(link);
      if (isEnough(links)) return links;
    }
    if (page.nextCursor === null || page.items.length === 0) return links;
    query.cursor = page.nextCursor;
  }
}

/**
 * Reads a listed round's record and re-awards, and checks that they are those the chain names.
 * @throws {StoaError} `invalid_record` when they are not, or are not there
 */
export async function checkLink(connection: Connection, link: ChainLink, terms: ChainTerms): Promise<void> {
  const published = await getRecord(connection, link.roundId).catch((error: unknown) => {
    if (error instanceof StoaError && error.code === "not_found")
      disagree(`the record of round ${link.roundId} (${link.outcomeHash}) is missing`);
    throw error;
  });
  try {
    checkChainRecord(link, published.record, terms);
    checkChainSupplements(
      link,
      published.supplements.map(({ record }) => record),
    );
  } catch (error) {
    // Whatever a server sends in a record's place is no fault of the reader's.
    if (error instanceof StoaError && error.code === "invalid_record") throw error;
    disagree(`what the market has as the record of round ${link.roundId} is none: ${String(error)}`);
  }
}
