import { StoaError } from "@stoa/protocol";
import { allowInsecureRequests, type Configuration, discovery } from "openid-client";

/** A site that vouches for people by OpenID Connect. */
export interface OidcProvider {
  /** In addresses of the API, such as `example`. */
  id: string;
  /** As people know it. */
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** The sites of a market, each asked for its own description when it is first needed. */
export interface OidcProviders {
  list(): OidcProvider[];
  /** @throws {StoaError} `not_found` */
  get(id: string): OidcProvider;
  /** The name of the site with this issuer; the issuer when the market knows it no more. */
  nameOf(issuer: string): string;
  /** @throws {StoaError} `provider_unavailable` */
  configuration(id: string): Promise<Configuration>;
}

const TIMEOUT_SECONDS = 10;
/** How long a site's description is believed: its keys are fetched anew by themselves. */
const BELIEVED_MS = 3_600_000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export function openOidcProviders(providers: readonly OidcProvider[]): OidcProviders {
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  const discovered = new Map<string, { at: number; configuration: Promise<Configuration> }>();
  const get = (id: string) => {
    const provider = byId.get(id);
    if (!provider) throw new StoaError("not_found", `this market knows no site ${id} to sign in by`);
    return provider;
  };
  return {
    list: () => [...providers],
    get,
    nameOf: (issuer) => providers.find((provider) => provider.issuer === issuer)?.name ?? issuer,
    configuration(id) {
      const kept = discovered.get(id);
      if (kept && performance.now() - kept.at < BELIEVED_MS) return kept.configuration;
      const configuration = discover(get(id));
      discovered.set(id, { at: performance.now(), configuration });
      // A failure is not kept.
      configuration.catch(() => discovered.delete(id));
      return configuration;
    },
  };
}

async function discover({ name, issuer, clientId, clientSecret }: OidcProvider): Promise<Configuration> {
  const url = new URL(issuer);
  const options = {
    timeout: TIMEOUT_SECONDS,
    ...(LOOPBACK.test(url.hostname) && { execute: [allowInsecureRequests] }),
  };
  try {
    return await discovery(url, clientId, clientSecret, undefined, options);
  } catch (cause) {
    throw new StoaError("provider_unavailable", `${name} does not say how to sign in by it`, { cause });
  }
}
