/**
 * A provider of language models as a process of its own: it speaks one provider's protocol, takes one key, remembers
 * what arrived, and misbehaves when the user's text asks for it. Arguments: the provider, the key it takes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Asked, dialects, type Reply } from "./dialects.ts";

const [, , provider, key] = process.argv;
const dialect = dialects[provider as keyof typeof dialects];
const seen: { path: string; key: string | undefined; body: unknown }[] = [];
/** Answers that break off at `GET /cut`. */
const toCut = new Set<ServerResponse>();
const tries = new Map<string, number>();

const usage = { input: 10, output: 5 };
const plain: Reply = { pieces: ["Hello", " there", "."], finish: "stop", usage };

function replyTo({ text, toolResult, hasTools, maxTokens = 16 }: Asked): Reply {
  if (text.startsWith("weather") && toolResult !== undefined)
    return { pieces: [`It is ${toolResult}.`], finish: "stop", usage };
  if (text.startsWith("weather") && hasTools)
    return { pieces: [], tool: { id: "call_1", name: "weather", json: '{"city":"Rome"}' }, finish: "tool", usage };
  if (text === "long")
    return { pieces: ["word ".repeat(maxTokens)], finish: "length", usage: { input: 10, output: maxTokens } };
  if (text === "no usage") return { pieces: plain.pieces, finish: "stop" };
  return plain;
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

/** Misbehaves in the way the text names; false when it names none. */
function misbehave({ text, streams }: Asked, response: ServerResponse): boolean {
  const [deed, count = "0"] = text.split(":");
  const tried = (tries.get(text) ?? 0) + 1;
  tries.set(text, tried);
  switch (deed) {
    case "busy":
      if (tried > Number(count)) return false;
      sendJson(response, tried % 2 === 1 ? 429 : 503, dialect.error("slow down, org-4711 is over its limit"), {
        "retry-after": "0",
      });
      return true;
    case "busy for an hour":
      sendJson(response, 429, dialect.error("come back later"), { "retry-after": "3600" });
      return true;
    case "out of order":
      sendJson(response, 500, dialect.error(`the key ${key} broke us`), { "retry-after": "0" });
      return true;
    case "locked":
      sendJson(response, 401, dialect.error(`Incorrect API key provided: ${key}`));
      return true;
    case "picky":
      sendJson(
        response,
        400,
        dialect.error(`too hot for key ${key} of org-4711abc at ${response.req.headers.host}: lower the temperature`),
      );
      return true;
    case "not json":
      response.writeHead(200, { "content-type": "application/json" }).end("<html>hello</html>");
      return true;
    case "huge":
      sendJson(response, 200, dialect.answer({ ...plain, pieces: ["x".repeat(5 << 20)] }));
      return true;
    case "silent":
      return true;
    case "elsewhere":
      response.writeHead(307, { location: "/stolen" }).end();
      return true;
    case "endless":
    case "cut":
      return streams && misbehaveInStream(deed, response);
    default:
      return false;
  }
}

function misbehaveInStream(deed: "endless" | "cut", response: ServerResponse): true {
  const { head, piece } = dialect.events(plain);
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(head + piece("Once"));
  if (deed === "cut") {
    toCut.add(response);
    return true;
  }
  const more = () => {
    while (response.write(piece(" upon a time".repeat(20))));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
  return true;
}

function converse(asked: Asked, response: ServerResponse): void {
  if (misbehave(asked, response)) return;
  const reply = replyTo(asked);
  if (!asked.streams) return sendJson(response, 200, dialect.answer(reply));
  const { head, piece, tail } = dialect.events(reply);
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(head);
  for (const text of reply.pieces) response.write(piece(text));
  response.end(tail);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk as string;
  return text;
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "/";
  if (path === "/seen") return sendJson(response, 200, seen);
  if (path === "/cut") {
    for (const other of toCut) other.destroy();
    return sendJson(response, 200, null);
  }
  const body = JSON.parse((await readBody(request)) || "null") as Record<string, unknown>;
  const sentKey = request.headers[dialect.keyHeader] as string | undefined;
  seen.push({ path, key: sentKey, body });
  if (key && sentKey !== dialect.keyPrefix + key) return sendJson(response, 401, dialect.error("who are you?"));
  if (path === dialect.embedPath) {
    const texts = body["input"] as string[];
    const data = texts.map((text, index) => ({ object: "embedding", index, embedding: [text.length, 0.5] }));
    return sendJson(response, 200, {
      object: "list",
      model: "served",
      data,
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
  }
  if (path !== dialect.chatPath) return sendJson(response, 404, dialect.error(`no ${path} here`));
  converse(dialect.read(body), response);
}

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => sendJson(response, 500, { error: String(error) }));
});
process.once("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));
