import { GaslessAnswerSchema, GaslessCallSchema, StoaError } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { walletOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { Allowance } from "../../quotes/allowance.ts";

/** Calls one wallet may make a minute, receipts apart: an operation takes four. */
const PER_MINUTE = 240;

/**
 * `POST /api/v1/gasless`: what a wallet without ether sends to the market's contracts, paid for and brought by the
 * market. A wallet asks for itself, so nobody else spends its budget.
 */
export function callGasless(app: App, { gasless, rateLimits }: HttpContext): void {
  const allowance = new Allowance(rateLimits?.gasless ?? PER_MINUTE);
  app.post(
    "/gasless",
    {
      schema: {
        summary: "Have the wallet's operation estimated, sponsored and brought to the chain (ERC-4337, ERC-7677)",
        body: GaslessCallSchema,
        response: { 200: GaslessAnswerSchema },
      },
    },
    async (request, reply) => {
      const address = walletOf(request);
      // A receipt is asked for until it is there.
      const isAsking = request.body.method === "eth_getUserOperationReceipt";
      const waitSeconds = isAsking ? 0 : allowance.take(address, Date.now());
      if (waitSeconds > 0) {
        reply.header("retry-after", waitSeconds);
        throw new StoaError(
          "too_many_requests",
          `more operations than one wallet may have; try again in ${waitSeconds} s`,
        );
      }
      if (!gasless) throw new StoaError("not_found", "this market pays nobody's gas");
      return { result: await gasless.request(address, request.body) };
    },
  );
}
