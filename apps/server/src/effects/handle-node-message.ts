import {
  canonicalJson,
  decodeTyped,
  hashTyped,
  type Json,
  limits,
  type NodeId,
  type NodeMessage,
  type NodeMessages,
  type RoundId,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import type { Quotes } from "../quotes/open-quotes.ts";
import type { OpenAuctions } from "./run-open-auctions.ts";
import type { Rounds } from "./run-rounds.ts";
import type { Subtasks } from "./run-subtasks.ts";
import { takeAuctionOffer } from "./take-auction-offer.ts";

export type MessageContext = Pick<EffectContext, "market" | "objects" | "hub"> & {
  rounds: Rounds;
  quotes: Pick<Quotes, "answered">;
  auctions: OpenAuctions;
  subtasks: Pick<Subtasks, "tell">;
};

/**
 * Does what a node's message asks for. What is wrong with it is told to the node.
 * @throws {StoaError} only for faults worth retrying: the message is then dealt with again
 */
export async function handleNodeMessage(context: MessageContext, nodeId: NodeId, message: NodeMessage): Promise<void> {
  try {
    await dispatch(context, nodeId, message);
  } catch (error) {
    if (!(error instanceof StoaError) || error.definition.kind !== "mistake") throw error;
    answerMistake(context, nodeId, message, error);
  }
}

async function dispatch(context: MessageContext, nodeId: NodeId, message: NodeMessage): Promise<void> {
  const { market } = context;
  switch (message.type) {
    case "sheet":
      return takeSheet(context, nodeId, message);
    case "auction.bid":
    case "auction.pass":
      return takeAuctionOffer(context, nodeId, message);
    case "started": {
      const { awardHash, nodeSignature, executionId } = message;
      return market.startTask({
        taskId: message.taskId as TaskId,
        node: nodeId,
        awardHash,
        nodeSignature,
        executionId,
      });
    }
    case "refused":
      await market.refuseAward({
        taskId: message.taskId as TaskId,
        node: nodeId,
        refusal: decodeTyped("Refusal", message.refusal),
        signature: message.signature,
        reason: message.reason,
      });
      return;
    case "logged": {
      const { executionId, firstSeq, lines } = message;
      return market.logExecution({ taskId: message.taskId as TaskId, node: nodeId, executionId, firstSeq, lines });
    }
    case "progressed": {
      const { executionId, fraction, text } = message;
      return market.reportProgress({ taskId: message.taskId as TaskId, node: nodeId, executionId, fraction, text });
    }
    case "delivered":
      return takeResult(context, nodeId, message);
    case "agent.failed":
      return market.failExecution({
        taskId: message.taskId as TaskId,
        node: nodeId,
        awardHash: message.awardHash,
        reason: message.reason,
        message: message.message,
        stats: message.stats && { ...message.stats },
      });
    case "subtask":
      return takeSubtask(context, nodeId, message);
    case "subtask.accepted":
      await market.acceptTask({ taskId: message.taskId as TaskId, signature: message.signature });
      return;
    case "hosting":
      await market.setHosting({ node: nodeId, slots: message.slots, agents: message.agents });
      context.auctions.consider();
      return context.rounds.consider();
    case "quote.answered":
      return context.quotes.answered(nodeId, message);
    case "hello":
    case "heartbeat":
      return;
  }
}

async function takeSheet(
  { market, hub, rounds }: MessageContext,
  nodeId: NodeId,
  message: NodeMessages["sheet"],
): Promise<void> {
  const sheet = decodeTyped("BidSheet", message.sheet);
  const { receipt, signature } = await market.placeSheet({
    node: nodeId,
    sheet,
    signature: message.signature,
    answers: message.answers,
  });
  hub.send(nodeId, { type: "sheet.receipted", receipt, signature });
  const announced = new Set(message.answers.map(({ orderHash }) => orderHash));
  const costs = (message.costs ?? []).filter(({ orderHash }) => announced.has(orderHash));
  rounds.answered(
    sheet.roundId as RoundId,
    nodeId,
    new Map(costs.map(({ orderHash, cost }) => [orderHash, BigInt(cost)])),
  );
}

async function takeResult(
  { market, objects, hub }: MessageContext,
  nodeId: NodeId,
  message: NodeMessages["delivered"],
): Promise<void> {
  const text = canonicalJson(message.output);
  const bytes = Buffer.from(text);
  if (bytes.length > limits.outputBytes) {
    throw new StoaError("too_large", `the result has ${bytes.length} bytes, at most ${limits.outputBytes} are taken`);
  }
  const outputHash = await objects.put(bytes);
  await market.deliverResult({
    taskId: message.taskId as TaskId,
    node: nodeId,
    receipt: decodeTyped("Receipt", message.receipt),
    signature: message.signature,
    outputHash,
    stats: { ...message.stats },
  });
  hub.send(nodeId, { type: "result.accepted", taskId: message.taskId });
}

async function takeSubtask(
  { market, objects, hub, subtasks }: MessageContext,
  nodeId: NodeId,
  { parentId, signature, spec, ...message }: NodeMessages["subtask"],
): Promise<void> {
  const input = message.input as Json;
  const bytes = Buffer.from(canonicalJson(input));
  if (bytes.length > limits.inputBytes)
    throw new StoaError("too_large", `the input has ${bytes.length} bytes, at most ${limits.inputBytes} are taken`);
  const inputHash = await objects.put(bytes);
  if (inputHash !== spec.inputHash)
    throw new StoaError(
      "wrong_hash",
      `the input hashes to ${inputHash}, the sub-task's specification says ${spec.inputHash}`,
    );
  const order = decodeTyped("Order", message.order);
  const taskId = await market.submitSubtask({
    parentId: parentId as TaskId,
    node: nodeId,
    order,
    signature,
    spec,
    input,
    inputBytes: bytes.length,
  });
  const orderHash = hashTyped(market.terms.domain, "Order", order);
  hub.send(nodeId, { type: "subtask.opened", parentId, orderHash, taskId });
  // One that was ordered before may be over already.
  if (taskId !== orderHash) await subtasks.tell(taskId);
}

/** What a node says of work it has: told that it has not, it stops. */
const TOLD_WHILE_RUNNING = new Set<NodeMessage["type"]>(["started", "logged", "progressed"]);

function answerMistake({ hub, rounds }: MessageContext, nodeId: NodeId, message: NodeMessage, error: StoaError): void {
  const { code, message: text } = error;
  if (message.type === "sheet") {
    if (code === "stake_too_small") rounds.stakeTooSmall(message.sheet.roundId as RoundId, nodeId);
    hub.send(nodeId, { type: "sheet.rejected", roundId: message.sheet.roundId, code, message: text });
  } else if (message.type === "delivered") {
    hub.send(nodeId, { type: "result.rejected", taskId: message.taskId, code, message: text });
  } else if (message.type === "subtask") {
    hub.send(nodeId, {
      type: "subtask.rejected",
      parentId: message.parentId,
      nonce: message.order.nonce,
      code,
      message: text.slice(0, 2_000),
    });
  } else if (TOLD_WHILE_RUNNING.has(message.type) && "taskId" in message && code !== "too_large") {
    hub.send(nodeId, { type: "assignment.withdrawn", taskId: message.taskId, reason: text });
  } else {
    hub.send(nodeId, { type: "message.rejected", code, message: text });
  }
}
