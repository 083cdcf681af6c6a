import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import type { Json } from "@stoa/protocol";
import { perform } from "./deeds.ts";
import { endWithParent, serve } from "./serve.ts";

/* An MCP server by the official SDK, with one tool. Arguments: its port. */

const [port = "0"] = process.argv.slice(2);
let [cancelled, executed] = [0, 0];

function newServer(): McpServer {
  const server = new McpServer({ name: "misbehave", version: "1.0.0" }, { capabilities: { logging: {} } });
  const inputSchema = fromJsonSchema({ type: "object", properties: { do: { type: "string" } } });
  server.registerTool(
    "misbehave",
    { description: "Does as its input tells it.", inputSchema },
    async (input, context) => {
      executed += 1;
      const { mcpReq } = context;
      const { _meta: meta } = mcpReq;
      const progressToken = meta?.progressToken;
      const sent: Promise<unknown>[] = [];
      mcpReq.signal.addEventListener("abort", () => (cancelled += 1));
      try {
        const done = await perform(input as Json, {
          log: (text) => void sent.push(mcpReq.log("info", text)),
          progress(progress, message) {
            if (progressToken !== undefined)
              sent.push(
                mcpReq.notify({
                  method: "notifications/progress",
                  params: { progressToken, progress, total: 1, message },
                }),
              );
          },
          signal: mcpReq.signal,
        });
        await Promise.allSettled(sent);
        if ("text" in done) return { content: [{ type: "text", text: done.text }] };
        return { content: [{ type: "text", text: JSON.stringify(done.json) }], structuredContent: done.json as never };
      } catch (error) {
        await Promise.allSettled(sent);
        return { isError: true, content: [{ type: "text", text: (error as Error).message }] };
      }
    },
  );
  return server;
}

const handler = createMcpHandler(newServer);
serve((request) => handler.fetch(request), { port: Number(port), told: () => ({ cancelled, executed }) });
endWithParent();
