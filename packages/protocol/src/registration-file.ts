import type { DescribedAgent } from "./agent-card.ts";
import { StoaError } from "./errors.ts";
import type { Address } from "./ids.ts";

/** An agent in an identity registry of ERC-8004. */
export interface Registration {
  chainId: number;
  registry: Address;
  agentId: bigint;
}

/** What an ERC-8004 agent's URI leads to. */
export interface RegistrationFile {
  type: "https://eips.ethereum.org/EIPS/eip-8004#registration-v1";
  name: string;
  description: string;
  image: string;
  services: { name: string; endpoint: string; version?: string }[];
  x402Support: boolean;
  active: boolean;
  registrations: { agentId: number; agentRegistry: string }[];
  supportedTrust: string[];
}

/**
 * An agent version as the registration file of ERC-8004. Trust in it rests on the reputation of settled tasks and on
 * the stake its nodes lose when they fail.
 * @throws {StoaError} `invalid_request` for an agent's number that JSON cannot hold
 * @see https://eips.ethereum.org/EIPS/eip-8004 "Agent URI and Agent Registration File"
 */
export function registrationFile(
  { versionId, manifest }: DescribedAgent,
  { marketUrl, active, registrations }: { marketUrl: string; active: boolean; registrations: readonly Registration[] },
): RegistrationFile {
  const { name, description, version } = manifest;
  const endpoint = `${marketUrl.replace(/\/+$/, "")}/api/v1/agents/${versionId}`;
  return {
    type: "https://eips.ethereum.org/EIPS/eip-8004#registration-v1",
    name,
    description,
    image: squareOf(versionId),
    services: [{ name: "stoa", endpoint, version }],
    x402Support: false,
    active,
    registrations: registrations.map(({ chainId, registry, agentId }) => ({
      agentId: toNumber(agentId),
      agentRegistry: `eip155:${chainId}:${registry}`,
    })),
    supportedTrust: ["reputation", "crypto-economic"],
  };
}

/** The file must name an image, and a manifest has none: a square in the colour of the version's id. */
function squareOf(versionId: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="#${versionId.slice(2, 8)}" d="M0 0h1v1H0z"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function toNumber(agentId: bigint): number {
  if (agentId >= 0n && agentId <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(agentId);
  throw new StoaError("invalid_request", `agent ${agentId} cannot be written as a number in JSON`);
}
