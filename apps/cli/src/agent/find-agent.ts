import { type Agent, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";

/**
 * Finds an agent version by its id, the first digits of its id, or its name (the newest active version then).
 * @throws {StoaError} `not_found`
 */
export async function findAgent(client: StoaClient, idOrName: string): Promise<Agent> {
  if (/^0x[0-9a-fA-F]{64}$/.test(idOrName)) return client.agents.get(idOrName.toLowerCase());
  if (!idOrName.startsWith("0x")) {
    const { items } = await client.agents.list({ name: idOrName, limit: 100 });
    const found = items.find(({ state }) => state === "active") ?? items[0];
    if (found) return client.agents.get(found.versionId);
    throw new StoaError("not_found", `there is no agent named ${idOrName}`);
  }
  return client.agents.get(await findByDigits(client, idOrName.toLowerCase()));
}

async function findByDigits(client: StoaClient, digits: string): Promise<string> {
  let cursor: string | null = null;
  const found: string[] = [];
  do {
    const page: Awaited<ReturnType<StoaClient["agents"]["list"]>> = await client.agents.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...page.items.map(({ versionId }) => versionId).filter((id) => id.startsWith(digits)));
    cursor = page.nextCursor;
  } while (cursor !== null && found.length < 2);
  const [id] = found;
  if (id === undefined) throw new StoaError("not_found", `there is no agent version ${digits}`);
  if (found.length > 1)
    throw new StoaError("malformed_id", `several agent versions begin with ${digits}: give more digits`);
  return id;
}
