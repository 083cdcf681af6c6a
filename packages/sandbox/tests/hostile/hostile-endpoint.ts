// An endpoint that answers as the path tells it, below HTTP: every deed writes its own bytes. Prints its port.
import { createServer, type Socket } from "node:net";

const head = (type = "application/json", more = "") => `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n${more}`;
const chunk = (bytes: string) => `${Buffer.byteLength(bytes).toString(16)}\r\n${bytes}\r\n`;
const body = (json: string, type?: string) =>
  `${head(type, `content-length: ${Buffer.byteLength(json)}\r\n`)}\r\n${json}`;
const chunked = (type?: string) => `${head(type, "transfer-encoding: chunked\r\n")}\r\n`;

/** Writes something again and again, no faster than it is read. */
function pour(socket: Socket, bytes: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
    if (!socket.destroyed) socket.once("drain", more);
  };
  more();
}
function drip(socket: Socket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), 20);
  socket.once("close", () => clearInterval(timer));
}

const deeds: Record<string, (socket: Socket) => void> = {
  "/silent": () => undefined,
  "/drip-head": (socket) => drip(socket.unref() && socket, "H"),
  "/drip-headers": (socket) => (socket.write("HTTP/1.1 200 OK\r\n"), drip(socket, "a: b\r\n")),
  "/drip-body": (socket) => (socket.write(chunked()), drip(socket, chunk(" "))),
  "/informational": (socket) => pour(socket, "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
  "/continue": (socket) => drip(socket, "HTTP/1.1 100 Continue\r\n\r\n"),
  "/headers": (socket) => (socket.write("HTTP/1.1 200 OK\r\n"), pour(socket, "x-more: and more and more\r\n")),
  "/one-header": (socket) => (socket.write("HTTP/1.1 200 OK\r\nx: "), pour(socket, "x".repeat(4_096))),
  "/chunk-extension": (socket) => (socket.write(`${chunked()}1;x=`), pour(socket, "x".repeat(4_096))),
  "/trailers": (socket) => (socket.write(`${chunked()}${chunk("1")}0\r\n`), pour(socket, "x-more: and more\r\n")),
  "/endless": (socket) => (socket.write(`${chunked()}${chunk('"')}`), pour(socket, chunk("x".repeat(4_096)))),
  "/two-lengths": (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 30\r\n\r\n1"),
  "/length-and-chunks": (socket) =>
    socket.end(
      `${head("application/json", "content-length: 3\r\ntransfer-encoding: chunked\r\n")}\r\n${chunk("1")}0\r\n\r\n`,
    ),
  "/too-long-length": (socket) => socket.end(`${head("application/json", "content-length: 999999999999\r\n")}\r\n1`),
  "/negative-length": (socket) => socket.end(`${head("application/json", "content-length: -5\r\n")}\r\n1`),
  "/no-http": (socket) => socket.end("220 mail.example.org ESMTP\r\n"),
  "/switch": (socket) =>
    socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
  "/second-answer": (socket) => socket.write(body('{"value":1}') + body('{"value":"forged"}')),
  "/redirect-file": (socket) =>
    socket.end("HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n"),
  "/redirect-method": (socket) =>
    socket.end("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"),
  "/gzip": (socket) =>
    socket.end(
      `${head("application/json", "content-encoding: gzip\r\ncontent-length: 4\r\n")}\r\n\u001f\u008b\u0008\u0000`,
    ),
  "/pollute": (socket) => socket.end(body('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')),
  "/deep": (socket) => socket.end(body("[".repeat(9_000) + "]".repeat(9_000))),
  "/not-utf8": (socket) =>
    socket.end(
      Buffer.concat([
        Buffer.from(`${head("application/json", "content-length: 4\r\n")}\r\n`),
        Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      ]),
    ),
  "/log-events": (socket) => (
    socket.write(chunked("text/event-stream")),
    pour(socket, chunk('event: log\ndata: {"text":"all work"}\n\n'))
  ),
  "/comment-events": (socket) => (socket.write(chunked("text/event-stream")), pour(socket, chunk(":\n"))),
  "/progress-events": (socket) => (
    socket.write(chunked("text/event-stream")),
    pour(socket, chunk('event: progress\ndata: {"fraction":1e999,"text":{}}\n\n'))
  ),
  "/polluting-events": (socket) =>
    socket.end(
      `${chunked("text/event-stream")}${chunk('event: __proto__\ndata: {"a":1}\nid: constructor\n\nevent: result\ndata: {"value":1}\n\n')}0\r\n\r\n`,
    ),
  "/steering-log": (socket) =>
    socket.end(
      `${chunked("text/event-stream")}${chunk('event: log\ndata: {"text":"\\u001b[2J\\u202e"}\n\nevent: result\ndata: {"value":1}\n\n')}0\r\n\r\n`,
    ),
  "/reset": (socket) => socket.resetAndDestroy(),
};

const server = createServer((socket) => {
  socket.on("error", () => undefined);
  socket.once("data", (bytes: Buffer) => {
    const [, path = ""] = bytes.toString("latin1", 0, 200).split(" ");
    socket.resume();
    (deeds[path] ?? (() => socket.destroy()))(socket);
  });
}).listen(0, "127.0.0.1", () => process.send!((server.address() as { port: number }).port));
process.on("disconnect", () => process.exit(0));
