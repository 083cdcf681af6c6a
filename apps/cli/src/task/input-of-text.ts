import { type Agent, type Json, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { wrapText } from "./wrap-text.ts";

/** Plain text goes where the agents of the capability want their one text. */
export async function inputOfText(
  client: StoaClient,
  text: string,
  capability: string,
  agent: Agent | null,
): Promise<Json> {
  const chosen = agent ?? (await newestAgent(client, capability));
  return wrapText(text, chosen.manifest.input, chosen.name);
}

async function newestAgent(client: StoaClient, capability: string): Promise<Agent> {
  const { items } = await client.agents.list({ capability, state: "active", limit: 1 });
  const [newest] = items;
  if (!newest) throw new StoaError("unknown_capability", `no agent offers ${capability}`);
  return client.agents.get(newest.versionId);
}
