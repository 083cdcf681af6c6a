import { createContainerRunner, type Engine, engineReport, openEngine, sweepEngine } from "@stoa/sandbox";
import { startContainerEngine } from "@stoa/testkit/container-engine";
import { afterAll, describe, expect, test } from "vitest";
import { describeRunner } from "./compliance.ts";

const started = await startContainerEngine({ withRunsc: true });
const missing = "missing" in started ? started.missing : undefined;
if (missing !== undefined) console.warn(`containers are not tested here: ${missing}`);

describe.skipIf(missing !== undefined)(
  `containers${missing === undefined ? "" : `, not tested here: ${missing}`}`,
  async () => {
    const engine =
      missing === undefined
        ? await openEngine((started as { socketPath: string }).socketPath)
        : (undefined as never as Engine);
    afterAll(async () => {
      if ("pid" in started) await started[Symbol.asyncDispose]();
    });

    describeRunner("container", {
      create: (options) => createContainerRunner({ ...options, engine, nodeId: "n1" }),
      isProcess: false,
    });
    test("leaves nothing", async () => {
      expect(await engine.docker.listContainers({ all: true })).toEqual([]);
      expect(await engine.docker.listImages()).toEqual([]);
    });
  },
);
