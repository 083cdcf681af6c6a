import { databaseKinds } from "@stoa/testkit";
import { expect, test } from "vitest";
import { startHttp } from "../http/http-fixture.ts";
import { driveApi } from "./drive.ts";

const PER_OPERATION = 40;

test(
  "every operation answers whatever it is sent as it is described, without a fault, and shows no account what is another's",
  { timeout: 300_000 },
  async () => {
    await using opened = await databaseKinds[0]!.start();
    await using http = await startHttp(opened.database, { rateLimits: { all: 10_000_000, signIn: 10_000_000 } });
    const sent = await driveApi(http, PER_OPERATION);
    console.log(`${sent} requests`);
    expect(sent).toBeGreaterThan(1_500);
  },
);
