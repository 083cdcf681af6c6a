import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export type Answer = (asked: Asked, response: ServerResponse) => void;

/** Something that speaks HTTP as a test has it do, and remembers what it was asked. */
export interface AnsweringServer extends AsyncDisposable {
  url: string;
  asked: Asked[];
}

/** Listens on a free port and answers each request by the next of `answers`, the last one for all that follow. */
export async function startAnswering(...answers: Answer[]): Promise<AnsweringServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      asked.push(one);
      answers[Math.min(asked.length, answers.length) - 1]?.(one, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (_asked, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

export function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}): Answer {
  return json(status, { type: "about:blank", title: code, status, code, detail, remedy: "", instance: "r-1", ...more });
}

/** Cuts the connection without an answer. */
export const cut: Answer = (_asked, response) => void response.destroy();
