import { ChainSyncSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `GET /api/v1/market/chain`: how far the market has read its chain. */
export function showChainSync(app: App, context: HttpContext): void {
  const schema = { summary: "How far the market has read its chain", response: { 200: ChainSyncSchema } };
  app.get("/market/chain", { schema }, () => context.chainSync());
}
