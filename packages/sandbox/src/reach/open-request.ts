import { lookup as resolveName } from "node:dns";
import { type Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction, type Socket } from "node:net";
import { type AddressKind, addressKind } from "./private-addresses.ts";

/** The kinds of addresses requests may go to. */
export type Reach = readonly AddressKind[];

/** A request that would leave what may be reached; nothing was sent. */
export class OutOfReach extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OutOfReach";
  }
}

export interface OutgoingRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  reach: Reach;
  signal: AbortSignal;
  /** Keeps connections for further requests; without one, nothing of this request is left for the next. */
  agent?: HttpAgent;
}

const refusal = (host: string, kind: AddressKind) =>
  new OutOfReach(`${host} ${isIP(host) === 0 ? "leads to" : "is"} a ${kind} address`);

/** The host of a URL when it is written as an address, else undefined. */
export function literalAddress({ hostname }: URL): string | undefined {
  const literal = hostname.replace(/^\[|\]$/g, "");
  return isIP(literal) === 0 ? undefined : literal;
}

/**
 * @throws {OutOfReach} when the URL names an address that may not be reached; names are resolved when they are called
 */
export function requireInReach(url: URL, reach: Reach): void {
  const literal = literalAddress(url);
  if (literal === undefined) return;
  const kind = addressKind(literal);
  // A machine's own addresses are told as private ones: that is what the refused are to everybody else.
  if (!reach.includes(kind)) throw refusal(literal, kind === "public" ? kind : "private");
}

/** Resolves a name and connects to what was checked: a second answer of the name server never counts. */
function guardedLookup(reach: Reach): LookupFunction {
  return (hostname, options, done) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, "", 0);
      const open = addresses.filter(({ address }) => reach.includes(addressKind(address)));
      const first = open[0];
      if (!first) return done(refusal(hostname, reach.includes("public") ? "private" : "public"), "", 0);
      if (options.all) done(null, open);
      else done(null, first.address, first.family);
    });
  };
}

/** Most answers ahead of the answer ("continue", "early hints"): none is for us, and a flood of them keeps a node busy. */
const MAX_EARLY_ANSWERS = 16;

const ignore = () => undefined;

/** Between an answer's end and the next request nobody listens to a connection: what breaks it then must not end the process. */
function hearErrors(socket: Socket): void {
  if (!socket.listeners("error").includes(ignore)) socket.on("error", ignore);
}

/**
 * Sends one HTTP request to an address within reach, and gives the answer's head; redirects are not followed.
 * @throws {OutOfReach} when the host leads elsewhere, or what the connection failed of
 */
export async function openRequest(outgoing: OutgoingRequest): Promise<IncomingMessage> {
  const { url, method, headers, body, reach, signal, agent } = outgoing;
  requireInReach(url, reach);
  signal.throwIfAborted();
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(url, { method, headers, agent: agent ?? false, lookup: guardedLookup(reach) }, resolve);
    // Not the option of that name: it would stay with a connection that is kept, and break it when nobody listens.
    const abort = () => request.destroy(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    request.on("close", () => signal.removeEventListener("abort", abort));
    request.on("socket", hearErrors);
    let early = 0;
    request.on("information", () => {
      early += 1;
      if (early > MAX_EARLY_ANSWERS)
        request.destroy(new Error(`${url.host} sent more than ${MAX_EARLY_ANSWERS} answers ahead of its answer`));
    });
    request.on("error", reject);
    request.end(body);
  });
}
