// An embedder that speaks OpenAI's protocol. Arguments: the key it asks for, and the length of its vectors.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { DIMENSIONS, hashedVector } from "./hashed-vector.ts";

const [key = "", dimensions = String(DIMENSIONS)] = process.argv.slice(2);
/** As an embedder with a short context does. */
const LONGEST_TEXT = 8_000;

interface Asked {
  model: string;
  input: string | string[];
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const refuse = (status: number, message: string) =>
    send(status, { error: { message, type: "invalid_request_error" } });
  if (request.method !== "POST" || request.url !== "/v1/embeddings") return void refuse(404, "no such page");
  if (request.headers.authorization !== `Bearer ${key}`) return void refuse(401, "wrong key");
  const { model, input } = (await json(request)) as Asked;
  const texts = [input].flat();
  if (texts.some((text) => text.length > LONGEST_TEXT)) return void refuse(400, "the text is too long");
  send(200, {
    object: "list",
    model,
    data: texts.map((text, index) => ({
      object: "embedding",
      index,
      embedding: [...hashedVector(text, Number(dimensions))],
    })),
    usage: { prompt_tokens: texts.length, total_tokens: texts.length },
  });
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
process.once("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));
