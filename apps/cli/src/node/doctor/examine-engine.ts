import { engineReport, openEngine } from "@stoa/sandbox";
import { StoaError } from "@stoa/protocol";
import type { Finding } from "./finding.ts";

const SUBJECT = "containers";

/**
 * Asks a container engine what it is and what it holds containers back from.
 * @param socket its unix socket; undefined where none is named
 */
export async function examineEngine(socket: string | undefined): Promise<Finding[]> {
  if (socket === undefined)
    return [
      {
        subject: SUBJECT,
        state: "weak",
        text: "no container engine is named; agents that are containers are not hosted",
        remedy: "name one's socket with --docker, such as /var/run/docker.sock",
      },
    ];
  try {
    const engine = await openEngine(socket);
    const { contained, notContained } = engineReport(engine);
    return [
      { subject: SUBJECT, state: "good", text: `the engine at ${socket} is version ${engine.version}` },
      ...contained.map((text): Finding => ({ subject: "held back from", state: "good", text })),
      ...notContained.map((text): Finding => ({ subject: "not held back", state: "weak", text })),
    ];
  } catch (error) {
    if (!(error instanceof StoaError)) throw error;
    return [{ subject: SUBJECT, state: "bad", text: error.message, remedy: "start the engine, or leave --docker out" }];
  }
}
