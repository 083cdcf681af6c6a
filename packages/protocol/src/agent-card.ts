import type { Address, Hash } from "./ids.ts";
import type { Manifest } from "./manifest.ts";

/** How an agent is spoken to, in an A2A card: `JSONRPC`, `GRPC`, `HTTP+JSON`, or another binding by its URI. */
export interface AgentInterface {
  url: string;
  protocolBinding: string;
  protocolVersion: string;
}

/** An agent card of A2A 1.0, with the fields its specification requires and those a manifest can fill. */
export interface AgentCard {
  name: string;
  description: string;
  version: string;
  supportedInterfaces: AgentInterface[];
  capabilities: {
    streaming: boolean;
    pushNotifications: boolean;
    extensions: { uri: string; description: string; required: boolean; params: Record<string, unknown> }[];
  };
  defaultInputModes: string[];
  defaultOutputModes: string[];
  skills: { id: string; name: string; description: string; tags: string[] }[];
}

/** The market's own API as a binding: an agent is ordered there, whoever runs it. */
export const MARKET_BINDING = "urn:stoa:market-api:1";
/** The card's extension that carries what A2A has no field for. */
export const TERMS_EXTENSION = "urn:stoa:agent-terms:1";

const JSON_MODE = "application/json";

/** What a card and a registration file are made of. */
export interface DescribedAgent {
  versionId: Hash;
  creator: Address;
  manifest: Manifest;
}

/**
 * An agent version as an A2A agent card: a skill per capability, JSON in and out, and the market's terms in an extension.
 * @param where the market's base address, or the agent's own interfaces when it has any
 * @see https://a2a-protocol.org/latest/specification/ "AgentCard"
 */
export function agentCard(
  { versionId, creator, manifest }: DescribedAgent,
  where: { marketUrl: string } | { interfaces: AgentInterface[] },
): AgentCard {
  const { name, description, version, capabilities, input, output, limits, grants, royalty, licence } = manifest;
  const market = (marketUrl: string) => ({
    url: `${marketUrl.replace(/\/+$/, "")}/api/v1`,
    protocolBinding: MARKET_BINDING,
    protocolVersion: "1.0",
  });
  return {
    name,
    description,
    version,
    supportedInterfaces: "interfaces" in where ? where.interfaces : [market(where.marketUrl)],
    capabilities: {
      streaming: false,
      pushNotifications: false,
      extensions: [
        {
          uri: TERMS_EXTENSION,
          description: "The signed manifest's terms: schemas, limits, grants, royalty in the token's smallest unit.",
          required: false,
          params: { versionId, creator, input, output, limits, grants, royalty, licence },
        },
      ],
    },
    defaultInputModes: [JSON_MODE],
    defaultOutputModes: [JSON_MODE],
    skills: capabilities.map((capability) => ({
      id: capability,
      name: capability,
      description,
      tags: capability.split("."),
    })),
  };
}
