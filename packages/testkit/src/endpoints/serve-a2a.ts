import { AgentCard, type Part, Role, TaskState } from "@a2a-js/sdk";
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
} from "@a2a-js/sdk/server";
import { LegacyJsonRpcTransportHandler } from "@a2a-js/sdk/compat/v0_3/server";
import type { Json } from "@stoa/protocol";
import { type Done, perform } from "./deeds.ts";
import { endWithParent, serve } from "./serve.ts";

/*
 * An A2A server by the official SDK. Arguments: its port, and "plain" for one that does not stream, "lazy" for one that
 * answers before the work is done, "cuts" for one whose streams break, or "0.3" for one that speaks the protocol as it
 * was before 1.0: message/send, message/stream, tasks/cancel.
 */

const [port = "0", manner = "streams"] = process.argv.slice(2);
const isOld = manner === "0.3";
const running = new Map<string, AbortController>();
let [cancelled, executed] = [0, 0];

const part = (content: Part["content"]): Part => ({ content, metadata: undefined, filename: "", mediaType: "" });
const partOf = (done: Done): Part =>
  part("json" in done ? { $case: "data", value: done.json } : { $case: "text", value: done.text });

const executor: AgentExecutor = {
  async execute({ taskId, contextId, userMessage }, bus) {
    executed += 1;
    const controller = new AbortController();
    running.set(taskId, controller);
    const tell = (state: TaskState, text: string, metadata?: Record<string, unknown>) =>
      bus.publish(
        AgentEvent.statusUpdate({
          taskId,
          contextId,
          status: {
            state,
            message: {
              messageId: crypto.randomUUID(),
              contextId,
              taskId,
              role: Role.ROLE_AGENT,
              parts: [part({ $case: "text", value: text })],
              metadata: undefined,
              extensions: [],
              referenceTaskIds: [],
            },
            timestamp: new Date().toISOString(),
          },
          metadata,
        }),
      );
    const status = { state: TaskState.TASK_STATE_SUBMITTED, message: undefined, timestamp: new Date().toISOString() };
    bus.publish(AgentEvent.task({ id: taskId, contextId, status, artifacts: [], history: [], metadata: undefined }));
    try {
      const content = userMessage.parts[0]?.content;
      const done = await perform((content?.$case === "data" ? content.value : null) as Json, {
        log: (text) => tell(TaskState.TASK_STATE_WORKING, text),
        progress: (progress, text) => tell(TaskState.TASK_STATE_WORKING, text, { progress }),
        signal: controller.signal,
      });
      const artifact = { artifactId: "output", name: "", description: "", metadata: undefined, extensions: [] };
      bus.publish(
        AgentEvent.artifactUpdate({
          taskId,
          contextId,
          artifact: { ...artifact, parts: [partOf(done)] },
          append: false,
          lastChunk: true,
          metadata: undefined,
        }),
      );
      tell(TaskState.TASK_STATE_COMPLETED, "");
    } catch (error) {
      const state = controller.signal.aborted ? TaskState.TASK_STATE_CANCELED : TaskState.TASK_STATE_FAILED;
      tell(state, (error as Error).message);
    } finally {
      running.delete(taskId);
      bus.finished();
    }
  },
  async cancelTask(taskId) {
    cancelled += 1;
    running.get(taskId)?.abort();
  },
};

function handlerAt(url: string) {
  const card = AgentCard.fromJSON({
    name: "misbehave",
    description: "Does as its input tells it.",
    version: "1.0.0",
    supportedInterfaces: [{ url: `${url}/a2a`, protocolBinding: "JSONRPC", protocolVersion: isOld ? "0.3" : "1.0" }],
    capabilities: { streaming: manner !== "plain" && manner !== "lazy" },
    defaultInputModes: ["application/json"],
    defaultOutputModes: ["application/json"],
    skills: [],
  });
  const { supportedInterfaces: _, ...before } = AgentCard.toJSON(card) as Record<string, unknown>;
  const old = { ...before, skills: [], url: `${url}/a2a`, preferredTransport: "JSONRPC", protocolVersion: "0.3.0" };
  const requests = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
  return isOld
    ? { card: old, rpc: new LegacyJsonRpcTransportHandler(requests) }
    : { card: AgentCard.toJSON(card), rpc: new JsonRpcTransportHandler(requests) };
}

let handler: ReturnType<typeof handlerAt> | undefined;

const eventOf = (answer: unknown) => Buffer.from(`data: ${JSON.stringify(answer)}\n\n`);

async function* eventsOf(answers: AsyncGenerator): AsyncGenerator<Uint8Array> {
  for await (const answer of answers) yield eventOf(answer);
}

/** The first event alone; the work goes on without anybody who hears of it. */
async function* brokenEventsOf(answers: AsyncGenerator): AsyncGenerator<Uint8Array> {
  const first = await answers.next();
  void (async () => {
    while (!(await answers.next()).done);
  })();
  yield eventOf(first.value);
  throw new Error("the stream breaks");
}

serve(
  async (request) => {
    const { origin, pathname } = new URL(request.url);
    handler ??= handlerAt(origin);
    if (pathname === "/.well-known/agent-card.json") return Response.json(handler.card);
    if (pathname !== "/a2a" || request.method !== "POST") return new Response(null, { status: 404 });
    const requestedVersion = request.headers.get("a2a-version") ?? "0.3";
    const body = (await request.json()) as { params?: { configuration?: { returnImmediately?: boolean } } };
    if (manner === "lazy" && body.params?.configuration) body.params.configuration.returnImmediately = true;
    const answer = await handler.rpc.handle(body, new ServerCallContext({ requestedVersion }));
    const events = manner === "cuts" ? brokenEventsOf : eventsOf;
    if (!(Symbol.asyncIterator in answer)) return Response.json(answer);
    return new Response(events(answer) as never, { headers: { "content-type": "text/event-stream" } });
  },
  { port: Number(port), told: () => ({ cancelled, executed }) },
);
endWithParent();
