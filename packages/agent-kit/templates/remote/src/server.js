import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { countWords } from "./count-words.js";

/**
 * The endpoint: a POST has the input, which fits the manifest's schema, and is answered with the output. HEAD is a
 * node's question whether it is alive.
 */
export const server = createServer(async (request, response) => {
  if (request.method !== "POST") return void response.end();
  const { text } = /** @type {{ text: string }} */ (await json(request));
  const output = { words: countWords(text), characters: [...text].length };
  response.setHeader("content-type", "application/json").end(JSON.stringify(output));
});

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const port = Number(process.env.PORT ?? 8700);
  server.listen(port, "127.0.0.1", () => console.log(`answering at http://127.0.0.1:${port}/`));
}
