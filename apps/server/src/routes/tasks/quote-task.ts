import { type AgentVersionId, type QuoteRequest, QuoteRequestSchema, QuoteSchema, StoaError } from "@stoa/protocol";
import { countUnaskedNodes, listCapabilities, listRecentPrices, offersCapability } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { Allowance } from "../../quotes/allowance.ts";
import { nearestNames } from "../../quotes/nearest-names.ts";
import { writeQuote } from "../../quotes/write-quote.ts";
import { moneyOf } from "./unserved-view.ts";

/** Quotes one account, or one address that is not signed in, may ask for a minute. */
const PER_MINUTE = 60;

/** `POST /api/v1/tasks/quote`: what a task would meet now, asked of live nodes without ordering anything. */
export function quoteTask(app: App, context: HttpContext): void {
  const allowance = new Allowance(context.rateLimits?.quotes ?? PER_MINUTE);
  app.post(
    "/tasks/quote",
    {
      schema: {
        summary: "Ask what a task would meet, without ordering it: an estimate that binds nobody",
        body: QuoteRequestSchema,
        response: { 200: QuoteSchema },
      },
    },
    async ({ body, principal, ip }, reply) => {
      const waitSeconds = allowance.take(principal?.accountId ?? ip, Date.now());
      if (waitSeconds > 0) {
        reply.header("retry-after", waitSeconds);
        throw new StoaError("too_many_requests", `more quotes than are given a minute; try again in ${waitSeconds} s`);
      }
      return quote(context, body);
    },
  );
}

async function quote({ database, quotes, info }: HttpContext, request: QuoteRequest) {
  const { capability } = request;
  const agentVersion = (request.agentVersion ?? null) as AgentVersionId | null;
  const about = { capability, agentVersion };
  if (!(await offersCapability(database, about))) throw await unknownCapability(database, about);
  const market = info();
  const [live, prices] = await Promise.all([
    quotes.ask({ ...about, inputBytes: request.inputBytes }),
    listRecentPrices(database, about),
  ]);
  const unasked = await countUnaskedNodes(database, {
    ...about,
    asked: live.askable,
    minBond: BigInt(market.minBond),
    now: live.askedAt,
  });
  return writeQuote({ request, live, unasked, prices, feeBps: market.feeBps, money: moneyOf(market) });
}

async function unknownCapability(
  database: HttpContext["database"],
  { capability, agentVersion }: { capability: string; agentVersion: AgentVersionId | null },
): Promise<StoaError> {
  if (agentVersion && (await offersCapability(database, { capability, agentVersion: null })))
    return new StoaError("unknown_capability", `the agent ${agentVersion} does not offer ${capability}`);
  const nearest = nearestNames(capability, await listCapabilities(database));
  const hint = nearest.length === 0 ? "" : `; did you mean ${nearest.join(" or ")}?`;
  return new StoaError("unknown_capability", `no agent offers ${capability}${hint}`, { details: { nearest } });
}
