import type { ManifestOf, RemoteArtifact } from "@stoa/protocol";
import { literalAddress } from "../reach/open-request.ts";
import { addressKind } from "../reach/private-addresses.ts";
import { refuse } from "./wasm-reader.ts";

/** True for an address of the machine itself, by what it says: a name that leads there is found out when it is called. */
export function isLoopbackHost(url: URL): boolean {
  const literal = literalAddress(url);
  return literal === undefined ? url.hostname === "localhost" : addressKind(literal) === "loopback";
}

/**
 * Admits an agent behind an endpoint of its author's: an address that may be called over TLS, and nothing asked for
 * that only a sandbox can give. Nothing is connected to.
 * @returns the endpoint's address
 * @throws {StoaError} `invalid_artifact` naming what is wrong
 */
export function admitRemote({ artifact, grants }: ManifestOf<RemoteArtifact>): URL {
  const { url: text, protocol, tool } = artifact;
  if (!URL.canParse(text)) refuse(`artifact.url ${JSON.stringify(text)} is not an address`);
  const url = new URL(text);
  if (url.username || url.password || url.hash)
    refuse("artifact.url may not carry a user, a password or a fragment: everybody reads the manifest");
  if (url.protocol !== "https:" && !isLoopbackHost(url))
    refuse(`artifact.url must be https, got ${url.protocol}//${url.host}: without TLS anybody on the way could answer`);
  const literal = literalAddress(url);
  if (literal !== undefined && addressKind(literal) === "private")
    refuse(`artifact.url leads to ${literal}, a private address`);
  if ((protocol === "mcp") !== (tool !== undefined))
    refuse(
      protocol === "mcp"
        ? "artifact.tool must name the MCP tool to call"
        : `artifact.tool goes with mcp, not ${protocol}`,
    );
  const asked = Object.keys(grants);
  if (asked.length > 0)
    refuse(`grants.${asked[0]} is given to agents in a sandbox only; an agent behind an endpoint has its own means`);
  return url;
}
