import {
  Client,
  type jsonSchemaValidator,
  LOG_LEVEL_META_KEY,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import type { Json } from "@stoa/protocol";
import { EndpointFault } from "./endpoint-fault.ts";
import { jsonRpcMethod } from "./json-rpc-method.ts";
import { outputOfText, type RemoteCall, type RemoteProtocol } from "./protocol.ts";

/** The execution's own clock decides; the client's must only not be sooner. */
const CLIENT_TIMEOUT_MS = 2 ** 31 - 1;
/** Where an endpoint that keeps what it did finds the execution's id. */
const EXECUTION_META = "stoa/executionId";

/** The manifest's schema judges an output; an endpoint's own, with a stranger's regular expressions, is never run. */
const trustful: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

async function connect({ manifest, wire, signal }: Pick<RemoteCall, "manifest" | "wire" | "signal">): Promise<Client> {
  const transport = new StreamableHTTPClientTransport(new URL(manifest.artifact.url), { fetch: wire.fetch });
  const client = new Client(
    { name: "stoa-node", version: "1.0.0" },
    { versionNegotiation: { mode: "auto" }, jsonSchemaValidator: trustful },
  );
  await client.connect(transport, { signal, timeout: CLIENT_TIMEOUT_MS });
  return client;
}

async function close(client: Client): Promise<void> {
  const { transport } = client;
  // The session is the endpoint's to forget; one that cannot be told forgets it by itself.
  if (transport instanceof StreamableHTTPClientTransport) await transport.terminateSession().catch(() => undefined);
  await client.close();
}

/** MCP over streamable HTTP: one call of the tool the manifest names, the input as its arguments. */
export const speakMcp: RemoteProtocol = {
  async call(call) {
    const { manifest, input, signal, executionId, onLog, onProgress } = call;
    if (typeof input !== "object" || input === null || Array.isArray(input))
      throw new EndpointFault("bad_input", "the input of an MCP tool must be an object");
    const client = await connect(call);
    try {
      client.setNotificationHandler("notifications/message", ({ params: { data } }) =>
        onLog(typeof data === "string" ? data : JSON.stringify(data)),
      );
      const result = await client.callTool(
        {
          name: manifest.artifact.tool!,
          arguments: input as Record<string, Json>,
          _meta: { [EXECUTION_META]: executionId, [LOG_LEVEL_META_KEY]: "info" },
        },
        {
          signal,
          timeout: CLIENT_TIMEOUT_MS,
          onprogress: ({ progress, total, message = "" }) => onProgress(progress / (total ?? 1), message),
        },
      );
      const text = result.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
      if (result.isError) throw new EndpointFault("crashed", text || "the tool failed without saying why");
      if (result.structuredContent !== undefined) return JSON.stringify(result.structuredContent);
      return outputOfText(text, manifest);
    } finally {
      await close(client);
    }
  },
  isWork: (body) => jsonRpcMethod(body) === "tools/call",
  async probe(probe) {
    const client = await connect(probe);
    try {
      const { tool } = probe.manifest.artifact;
      const { tools } = await client.listTools(undefined, { signal: probe.signal, timeout: CLIENT_TIMEOUT_MS });
      if (!tools.some(({ name }) => name === tool))
        throw new EndpointFault("crashed", `the endpoint has no tool ${tool}`);
    } finally {
      await close(client);
    }
  },
};
