import { MarketInfoSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `GET /api/v1/market`: what a client must know to sign here. */
export function showMarket(app: App, context: HttpContext): void {
  app.get("/market", { schema: { summary: "The market's terms", response: { 200: MarketInfoSchema } } }, () =>
    context.info(),
  );
}
