// A provider of one model, as a process of its own: it answers every chat with the same words, as fast as it can.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const answer = JSON.stringify({
  id: "chat",
  object: "chat.completion",
  created: 1,
  model: "served",
  choices: [{ index: 0, message: { role: "assistant", content: "word ".repeat(200) }, finish_reason: "stop" }],
  usage: { prompt_tokens: 500, completion_tokens: 200, total_tokens: 700 },
});

const server = createServer((request, response) => {
  request.resume().once("end", () => response.setHeader("content-type", "application/json").end(answer));
});
process.once("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));
