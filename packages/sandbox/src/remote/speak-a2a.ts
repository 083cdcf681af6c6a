import { setTimeout as sleep } from "node:timers/promises";
import { type Artifact, type Message, type Part, Role, type Task, TaskState, type TaskStatus } from "@a2a-js/sdk";
import { type Client, ClientFactory, DefaultAgentCardResolver, JsonRpcTransportFactory } from "@a2a-js/sdk/client";
import { EndpointFault } from "./endpoint-fault.ts";
import { jsonRpcMethod } from "./json-rpc-method.ts";
import { outputOfText, type RemoteCall, type RemoteProtocol } from "./protocol.ts";

/** How soon, and in the end how seldom, a task is asked for whose endpoint does not tell of it by itself. */
const FIRST_LOOK_MS = 250;
const SELDOMEST_LOOK_MS = 15_000;
/** How long an endpoint is told that a task is not wanted any more. */
const CANCEL_MS = 2_000;

/** What asks for work, in A2A 1.0 and before. */
const WORK: ReadonlySet<string | undefined> = new Set([
  "SendMessage",
  "SendStreamingMessage",
  "message/send",
  "message/stream",
]);
const ENDED: ReadonlySet<TaskState> = new Set([
  TaskState.TASK_STATE_COMPLETED,
  TaskState.TASK_STATE_FAILED,
  TaskState.TASK_STATE_CANCELED,
  TaskState.TASK_STATE_REJECTED,
  TaskState.TASK_STATE_INPUT_REQUIRED,
  TaskState.TASK_STATE_AUTH_REQUIRED,
]);

/** A task as the endpoint's answers and events tell it. */
interface Told {
  taskId: string | undefined;
  status: TaskStatus | undefined;
  artifacts: Map<string, Part[]>;
  reply: Message | undefined;
}

function openClient({ wire, manifest }: Pick<RemoteCall, "wire" | "manifest">): Promise<Client> {
  const legacyCompat = { enabled: true };
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory({ fetchImpl: wire.fetch, legacyCompat })],
    cardResolver: new DefaultAgentCardResolver({ fetchImpl: wire.fetch, legacyCompat }),
  });
  return factory.createFromUrl(manifest.artifact.url);
}

function textOf(parts: readonly Part[]): string {
  return parts.flatMap(({ content }) => (content?.$case === "text" ? [content.value] : [])).join("");
}

function takeArtifact(told: Told, artifact: Artifact | undefined, append: boolean): void {
  if (!artifact) return;
  const before = append ? told.artifacts.get(artifact.artifactId) : undefined;
  if (before) before.push(...artifact.parts);
  else told.artifacts.set(artifact.artifactId, [...artifact.parts]);
}

function takeStatus(
  told: Told,
  status: TaskStatus | undefined,
  metadata: Record<string, unknown>,
  call: RemoteCall,
): void {
  told.status = status;
  const text = textOf(status?.message?.parts ?? []);
  const progress = metadata["progress"] ?? status?.message?.metadata?.["progress"];
  if (typeof progress === "number") call.onProgress(progress, text);
  else if (text !== "" && status?.state === TaskState.TASK_STATE_WORKING) call.onLog(text);
}

function takeTask(told: Told, task: Task): void {
  told.taskId = task.id;
  told.status = task.status;
  for (const artifact of task.artifacts) takeArtifact(told, artifact, false);
}

/** The output is the first data there is, else the text. */
function outputOf({ status, artifacts, reply }: Told, { manifest }: RemoteCall): string {
  if (!reply && status?.state !== TaskState.TASK_STATE_COMPLETED) {
    const text = textOf(status?.message?.parts ?? []);
    const state = status ? TaskState[status.state]?.replace("TASK_STATE_", "").toLowerCase() : "no";
    throw new EndpointFault("crashed", `the endpoint left its task in state ${state}${text && `: ${text}`}`);
  }
  const parts = reply?.parts ?? [...artifacts.values()].flat();
  const found = parts.length > 0 ? parts : (status?.message?.parts ?? []);
  const data = found.find(({ content }) => content?.$case === "data")?.content;
  return data ? JSON.stringify(data.value) : outputOfText(textOf(found), manifest);
}

function requestOf({ executionId, input }: RemoteCall): Parameters<Client["sendMessageStream"]>[0] {
  return {
    tenant: "",
    message: {
      // An endpoint that is sent the same message id again knows the work it did for it.
      messageId: executionId,
      contextId: "",
      taskId: "",
      role: Role.ROLE_USER,
      parts: [
        { content: { $case: "data", value: input }, metadata: undefined, filename: "", mediaType: "application/json" },
      ],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    },
    configuration: {
      acceptedOutputModes: ["application/json", "text/plain"],
      taskPushNotificationConfig: undefined,
      returnImmediately: false,
    },
    metadata: undefined,
  };
}

function isOver({ reply, status }: Told): boolean {
  return reply !== undefined || (status !== undefined && ENDED.has(status.state));
}

/** Sends the message and hears what comes of it; a card without streaming makes this one plain request. */
async function converse(client: Client, call: RemoteCall, told: Told): Promise<void> {
  for await (const { payload } of client.sendMessageStream(requestOf(call), { signal: call.signal })) {
    if (payload?.$case === "message") told.reply = payload.value;
    if (payload?.$case === "task") takeTask(told, payload.value);
    if (payload?.$case === "statusUpdate") {
      told.taskId = payload.value.taskId;
      takeStatus(told, payload.value.status, payload.value.metadata ?? {}, call);
    }
    if (payload?.$case === "artifactUpdate") takeArtifact(told, payload.value.artifact, payload.value.append);
    if (isOver(told)) return;
  }
}

/** Asks for a task that was left before its end: sending the message again could have it done twice. */
async function follow(client: Client, id: string, told: Told, signal: AbortSignal): Promise<void> {
  for (let waitMs = FIRST_LOOK_MS; !isOver(told); waitMs = Math.min(2 * waitMs, SELDOMEST_LOOK_MS)) {
    await sleep(waitMs, undefined, { signal });
    takeTask(told, await client.getTask({ tenant: "", id, historyLength: 0 }, { signal }));
  }
}

async function cancel(client: Client, id: string): Promise<void> {
  const options = { signal: AbortSignal.timeout(CANCEL_MS) };
  // Whether it hears or not: its answer is not waited for any more.
  await client.cancelTask({ tenant: "", id, metadata: undefined }, options).catch(() => undefined);
}

/** A2A: the input as a message's data, the output as the task's artifact or the answering message. */
export const speakA2a: RemoteProtocol = {
  async call(call) {
    const { signal, wire } = call;
    const client = await openClient(call);
    const told: Told = { taskId: undefined, status: undefined, artifacts: new Map(), reply: undefined };
    try {
      await converse(client, call, told).catch((error: unknown) => {
        if (told.taskId === undefined || !wire.fault()?.isPassing) throw error;
      });
      if (told.taskId !== undefined) await follow(client, told.taskId, told, signal);
      return outputOf(told, call);
    } finally {
      if (told.taskId !== undefined && !isOver(told) && signal.aborted) await cancel(client, told.taskId);
    }
  },
  isWork: (body) => WORK.has(jsonRpcMethod(body)),
  async probe(probe) {
    await openClient(probe);
  },
};
