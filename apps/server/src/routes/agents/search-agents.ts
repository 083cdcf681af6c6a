import {
  type AgentMatch,
  AgentMatchPageSchema,
  SearchAgentsQuerySchema,
  type SearchAgentsQuery,
  StoaError,
} from "@stoa/protocol";
import { type AgentFilter, type AgentHit, wordsOf } from "@stoa/search";
import { type AgentRow, findAgents } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { explainMatch } from "../../search/explain-match.ts";
import type { SearchAnswer } from "../../search/open-search.ts";
import { agentSummary } from "./agent-view.ts";

/** The index scores in billionths, which a cursor carries whole. */
const BILLION = 1_000_000_000;

/** `GET /api/v1/agents/search`: agents by words, near spellings and meaning, the best first; each name's newest version. */
export function searchAgents(app: App, { database, search }: HttpContext): void {
  app.get(
    "/agents/search",
    {
      schema: {
        summary: "Search agents by words, near spellings and meaning",
        querystring: SearchAgentsQuerySchema,
        response: { 200: AgentMatchPageSchema },
      },
    },
    async ({ query, principal, ip }) => {
      if (wordsOf(query.q).length === 0)
        throw new StoaError(
          "invalid_request",
          `there is no word in ${JSON.stringify(query.q)}: search for letters or digits`,
        );
      const { after, limit } = pageFilter(query);
      const answer = await search.search({
        text: query.q,
        filter: filterOf(query),
        after: after && { score: after.at, name: after.id },
        limit,
        caller: principal?.accountId ?? ip,
      });
      const rows = await findAgents(
        database,
        answer.hits.map(({ versionId }) => versionId),
      );
      const page = toPage(
        answer.hits,
        limit,
        (hit) => hit,
        ({ score, name }) => ({ at: score, id: name }),
      );
      return { items: matchesOf(page.items, rows, answer), nextCursor: page.nextCursor, meaning: answer.meaning };
    },
  );
}

function filterOf({
  capability,
  category,
  kind,
  maxPrice,
  maxDurationMs,
  minReputation,
}: SearchAgentsQuery): AgentFilter {
  return {
    capability,
    category,
    kind,
    maxPrice: maxPrice === undefined ? undefined : BigInt(maxPrice),
    maxDurationMs,
    minReputation,
  };
}

/** What was retired since the index heard of it is left out. */
function matchesOf(hits: readonly AgentHit[], rows: readonly AgentRow[], { words }: SearchAnswer): AgentMatch[] {
  const found = new Map<string, AgentRow>(rows.map((row) => [row.versionId, row]));
  return hits.flatMap((hit) => {
    const row = found.get(hit.versionId);
    return row?.state === "active" ? [matchOf(hit, row, words)] : [];
  });
}

function matchOf({ score, meaning, record }: AgentHit, row: AgentRow, words: SearchAnswer["words"]): AgentMatch {
  const summary = agentSummary(row);
  return {
    ...summary,
    kind: row.manifest.artifact.kind,
    record: { ...record, price: record.price?.toString() ?? null },
    score: score / BILLION,
    found: { ...explainMatch(summary, words), meaning },
  };
}
