import Type, { type Static, type TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { StoaError } from "../errors.ts";
import { type ExecutionFailureReason, ExecutionFailureReasonSchema, ExecutionStatsSchema } from "../execution.ts";
import { findUnfitText } from "../fit-text.ts";
import { type Hash, ZERO_HASH } from "../ids.ts";
import { isTooDeep, MAX_JSON_DEPTH } from "../json-depth.ts";
import { limits } from "../limits.ts";
import { type PassReason, passReasons } from "../pass-reasons.ts";
import {
  AddressSchema,
  AmountSchema,
  AnyJsonSchema,
  CapabilitySchema,
  HashSchema,
  SignatureSchema,
} from "../schema-parts.ts";
import { TaskSpecSchema } from "../task-spec.ts";
import {
  AwardSchema,
  BidSheetSchema,
  HoldReceiptSchema,
  NodeLinkSchema,
  OrderSchema,
  ReceiptSchema,
  RefusalSchema,
  SheetReceiptSchema,
} from "../wire-order.ts";
import { MAX_OPEN_BIDS, OpenAuctionOpeningSchema, OpenLeadSchema } from "./open-auction-opening.ts";
import { RoundOpeningSchema, SessionGrantSchema } from "./round-opening.ts";

/** The libp2p protocol of the one long-lived stream between a node and the market. */
export const MARKET_PROTOCOL = "/stoa/market/1";

/** Most agent versions one node may host. */
export const MAX_HOSTED_AGENTS = 1_000;
/** Most slots one node may offer. */
export const MAX_SLOTS = 1_024;
/** Levels a message adds around the input or output it carries. */
const ENVELOPE_DEPTH = 2;

const strict = { additionalProperties: false } as const;
const Text = Type.String({ maxLength: 2_000 });
const EpochMs = Type.Integer({ minimum: 0, maximum: 2 ** 50 });
const Slots = Type.Integer({ minimum: 0, maximum: MAX_SLOTS });
const Agents = Type.Array(HashSchema, { maxItems: MAX_HOSTED_AGENTS });
const Count = Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 });
const ExecutionId = Type.String({ pattern: "^[0-9a-f-]{8,64}$", description: "chosen by the node, unique to it" });
/** Names one side's numbering of its reliable messages; a new one says that the numbering starts again. */
const Session = Type.String({ pattern: "^[0-9a-f]{32}$" });
const Resume = Type.Object({ session: Session, seq: Count }, strict);
const BidNumber = Type.Integer({ minimum: 1, maximum: MAX_OPEN_BIDS });
const Execution = { taskId: HashSchema, executionId: ExecutionId };
const QuoteId = Type.String({ pattern: "^[0-9a-f]{32}$" });

/** One answer of a node's sheet: a bid when `reason` is 0, else a pass by its reason code. */
export const SheetAnswerSchema = Type.Object(
  {
    orderHash: HashSchema,
    agentVersion: HashSchema,
    ask: AmountSchema,
    promisedSeconds: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
    reason: Type.Integer({ minimum: 0, maximum: 255 }),
  },
  strict,
);

/** A pass on a task: it names no agent version and asks nothing. */
export function passAnswer(orderHash: Hash, reason: PassReason): SheetAnswer {
  return { orderHash, agentVersion: ZERO_HASH, ask: "0", promisedSeconds: 0, reason: passReasons[reason].code };
}

function message<Name extends string, Properties extends Record<string, TSchema>>(type: Name, properties: Properties) {
  return Type.Object({ type: Type.Literal(type), ...properties }, strict);
}

/** What a node sends, by type. */
export const nodeMessageSchemas = {
  hello: message("hello", {
    link: NodeLinkSchema,
    linkSignature: SignatureSchema,
    name: Type.String({ minLength: 1, maxLength: 64 }),
    slots: Slots,
    agents: Agents,
    session: Session,
    /** The last of the market's messages this node has dealt with. */
    resumeFrom: Type.Optional(Resume),
  }),
  sheet: message("sheet", {
    sheet: BidSheetSchema,
    signature: SignatureSchema,
    answers: Type.Array(SheetAnswerSchema, { maxItems: 1_000 }),
    /**
     * What tasks passed on for their price would cost, royalty included, as far as the node cares to say: told to
     * requesters in bands only, and outside the signed answers, so that no record ever carries it.
     */
    costs: Type.Optional(
      Type.Array(Type.Object({ orderHash: HashSchema, cost: AmountSchema }, strict), { maxItems: 1_000 }),
    ),
  }),
  /** What a node would do about a task that nobody has ordered: not signed, and binds nobody. */
  "quote.answered": message("quote.answered", {
    quoteId: QuoteId,
    /** As in a sheet: 0 when it would bid. */
    reason: Type.Integer({ minimum: 0, maximum: 255 }),
    /** Ask and royalty; left out by a node that does not tell. */
    cost: Type.Optional(AmountSchema),
    freeSlots: Slots,
    /** When a slot is likely to come free; 0 when one is. */
    freeInMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
    promisedSeconds: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
  }),
  /** A bid of an open auction: the sheet's round is the bid's own id, so that no two bids share one. */
  "auction.bid": message("auction.bid", {
    auctionId: HashSchema,
    number: BidNumber,
    sheet: BidSheetSchema,
    signature: SignatureSchema,
    answer: SheetAnswerSchema,
  }),
  /** A node bids no more in an open auction; its sheet's round is the auction. */
  "auction.pass": message("auction.pass", {
    auctionId: HashSchema,
    sheet: BidSheetSchema,
    signature: SignatureSchema,
    answer: SheetAnswerSchema,
  }),
  started: message("started", { ...Execution, awardHash: HashSchema, nodeSignature: SignatureSchema }),
  refused: message("refused", { taskId: HashSchema, refusal: RefusalSchema, signature: SignatureSchema, reason: Text }),
  logged: message("logged", {
    ...Execution,
    firstSeq: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
    lines: Type.Array(Type.Object({ atMs: EpochMs, text: Type.String({ maxLength: 65_536 }) }, strict), {
      maxItems: 1_000,
    }),
  }),
  progressed: message("progressed", { ...Execution, fraction: Type.Number({ minimum: 0, maximum: 1 }), text: Text }),
  delivered: message("delivered", {
    ...Execution,
    output: AnyJsonSchema,
    receipt: ReceiptSchema,
    signature: SignatureSchema,
    stats: ExecutionStatsSchema,
  }),
  "agent.failed": message("agent.failed", {
    ...Execution,
    /** Of the award it ran under: a node can hold a task again that it failed before. */
    awardHash: Type.Optional(HashSchema),
    reason: Type.Unsafe<ExecutionFailureReason>(ExecutionFailureReasonSchema),
    message: Text,
    stats: Type.Optional(ExecutionStatsSchema),
  }),
  /** An order of a running agent, signed with the node's key under its requester's grant. */
  subtask: message("subtask", {
    parentId: HashSchema,
    order: OrderSchema,
    signature: SignatureSchema,
    spec: TaskSpecSchema,
    input: AnyJsonSchema,
  }),
  "subtask.accepted": message("subtask.accepted", { taskId: HashSchema, signature: SignatureSchema }),
  heartbeat: message("heartbeat", { freeSlots: Slots, running: Type.Array(HashSchema, { maxItems: MAX_SLOTS }) }),
  hosting: message("hosting", { slots: Slots, agents: Agents }),
} as const;

/** What the market sends to a node, by type. */
export const marketMessageSchemas = {
  "hello.accepted": message("hello.accepted", {
    node: AddressSchema,
    operator: AddressSchema,
    chainId: Type.Integer({ minimum: 1 }),
    vault: AddressSchema,
    token: AddressSchema,
    feeBps: Type.Integer({ minimum: 0, maximum: 1_000 }),
    /** How often the market wants a heartbeat. */
    heartbeatMs: Type.Integer({ minimum: 10, maximum: 600_000 }),
    session: Session,
    /** The last of the node's messages the market has dealt with. */
    resumeFrom: Type.Optional(Resume),
  }),
  "hello.rejected": message("hello.rejected", { code: Text, message: Text }),
  "round.opened": message("round.opened", {
    opening: RoundOpeningSchema,
    signature: SignatureSchema,
    roundId: HashSchema,
  }),
  /** Asks what the node would do about such a task; its maximum price stays with whoever asks. */
  "quote.asked": message("quote.asked", {
    quoteId: QuoteId,
    capability: CapabilitySchema,
    agentVersion: Type.Optional(HashSchema),
    inputBytes: Type.Integer({ minimum: 0, maximum: limits.inputBytes }),
  }),
  "sheet.receipted": message("sheet.receipted", { receipt: SheetReceiptSchema, signature: SignatureSchema }),
  "sheet.rejected": message("sheet.rejected", { roundId: HashSchema, code: Text, message: Text }),
  /** The round is closed: what a node kept free for it and did not win is free again. */
  "round.closed": message("round.closed", { roundId: HashSchema }),
  /** An open auction runs; told again, as it stands then, to a node that comes back. */
  "auction.opened": message("auction.opened", {
    auctionId: HashSchema,
    opening: OpenAuctionOpeningSchema,
    signature: SignatureSchema,
    lead: Type.Union([OpenLeadSchema, Type.Null()]),
    endsAtMs: EpochMs,
  }),
  /** The node's own bid leads, with the operator's receipt for it. */
  "auction.led": message("auction.led", {
    auctionId: HashSchema,
    lead: OpenLeadSchema,
    endsAtMs: EpochMs,
    receipt: SheetReceiptSchema,
    signature: SignatureSchema,
  }),
  /** Another node leads. */
  "auction.outbid": message("auction.outbid", { auctionId: HashSchema, lead: OpenLeadSchema, endsAtMs: EpochMs }),
  "auction.rejected": message("auction.rejected", { auctionId: HashSchema, code: Text, message: Text }),
  "auction.closed": message("auction.closed", {
    auctionId: HashSchema,
    /** Who got the task, if anybody. */
    node: Type.Union([AddressSchema, Type.Null()]),
  }),
  assignment: message("assignment", {
    taskId: HashSchema,
    roundId: HashSchema,
    agentVersion: HashSchema,
    award: AwardSchema,
    operatorSignature: SignatureSchema,
    order: OrderSchema,
    orderSignature: SignatureSchema,
    session: Type.Optional(SessionGrantSchema),
    spec: TaskSpecSchema,
    input: AnyJsonSchema,
    holdReceipt: HoldReceiptSchema,
    holdSignature: SignatureSchema,
    startByMs: EpochMs,
    deliverByMs: EpochMs,
  }),
  "assignment.withdrawn": message("assignment.withdrawn", { taskId: HashSchema, reason: Text }),
  "result.accepted": message("result.accepted", { taskId: HashSchema }),
  "result.rejected": message("result.rejected", { taskId: HashSchema, code: Text, message: Text }),
  /** The requester lets this node's key order under a task it runs. */
  "subtasks.granted": message("subtasks.granted", { taskId: HashSchema, session: SessionGrantSchema }),
  /** `taskId` is another than was asked for when the same was ordered before the node was started again. */
  "subtask.opened": message("subtask.opened", { parentId: HashSchema, orderHash: HashSchema, taskId: HashSchema }),
  "subtask.rejected": message("subtask.rejected", {
    parentId: HashSchema,
    nonce: Type.String({ maxLength: 80 }),
    code: Text,
    message: Text,
  }),
  "subtask.delivered": message("subtask.delivered", {
    parentId: HashSchema,
    taskId: HashSchema,
    output: AnyJsonSchema,
    award: AwardSchema,
    operatorSignature: SignatureSchema,
    receipt: ReceiptSchema,
    receiptSignature: SignatureSchema,
    charge: AmountSchema,
  }),
  "subtask.ended": message("subtask.ended", {
    parentId: HashSchema,
    taskId: HashSchema,
    state: Text,
    reason: Text,
    message: Text,
  }),
  "agent.published": message("agent.published", {
    agentVersion: HashSchema,
    name: Type.String({ maxLength: 128 }),
    capabilities: Type.Array(CapabilitySchema, { maxItems: 64 }),
  }),
  /** A message of the node's that the market could not read. */
  "message.rejected": message("message.rejected", { code: Text, message: Text }),
} as const;

type Messages<Schemas extends Record<string, TSchema>> = { [Name in keyof Schemas]: Static<Schemas[Name]> };
export type NodeMessages = Messages<typeof nodeMessageSchemas>;
export type MarketMessages = Messages<typeof marketMessageSchemas>;
export type NodeMessage = NodeMessages[keyof NodeMessages];
export type MarketMessage = MarketMessages[keyof MarketMessages];
export type SheetAnswer = Static<typeof SheetAnswerSchema>;

/**
 * Types sent once and never again: true only for the moment, or told anew by the next greeting. They may overtake
 * the others, which are numbered, dealt with in order and sent again until the other side acknowledges them.
 */
const notices = new Set<string>([
  "hello",
  "sheet",
  "heartbeat",
  "hosting",
  "quote.asked",
  "quote.answered",
  "hello.accepted",
  "hello.rejected",
  "round.opened",
  "round.closed",
  "sheet.rejected",
  "message.rejected",
]);

/** Whether a message is sent once only, without acknowledgement. */
export function isNotice(type: string): boolean {
  return notices.has(type);
}

/** What a node keeps on disk until the market acknowledges it: what money depends on. */
const keptOnDisk = new Set<string>(["started", "refused", "delivered", "agent.failed"]);

/** Whether a node writes the message to its disk before it sends it. */
export function isKeptOnDisk(type: string): boolean {
  return keptOnDisk.has(type);
}

type Validator = ReturnType<typeof Compile>;
const compiled = new Map<TSchema, Validator>();

function validatorOf(schema: TSchema): Validator {
  const known = compiled.get(schema) ?? Compile(schema);
  compiled.set(schema, known);
  return known;
}

function parse(schemas: Record<string, TSchema>, json: unknown): unknown {
  const type = typeof json === "object" && json !== null && "type" in json ? json.type : undefined;
  const schema = typeof type === "string" && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (!schema) {
    throw new StoaError(
      "invalid_request",
      `expected a message of type ${Object.keys(schemas).join(", ")}, got ${JSON.stringify(type)?.slice(0, 80)}`,
    );
  }
  if (isTooDeep(json, MAX_JSON_DEPTH + ENVELOPE_DEPTH)) {
    throw new StoaError(
      "invalid_request",
      `${String(type)} carries JSON nested more than ${MAX_JSON_DEPTH} levels deep`,
    );
  }
  const unfit = findUnfitText(json);
  if (unfit !== undefined) {
    throw new StoaError("invalid_request", `${String(type)}${unfit} has a NUL character or half a surrogate pair`);
  }
  const validator = validatorOf(schema);
  if (validator.Check(json)) return json;
  const problem = validator.Errors(json)[0];
  throw new StoaError(
    "invalid_request",
    `${String(type)}${problem?.instancePath ?? ""} ${problem?.message ?? "does not match its schema"}`,
  );
}

/**
 * Reads a message of a node from JSON nobody has checked yet.
 * @throws {StoaError} `invalid_request` naming the field and what it should be
 */
export function parseNodeMessage(json: unknown): NodeMessage {
  return parse(nodeMessageSchemas, json) as NodeMessage;
}

/**
 * Reads a message of the market from JSON nobody has checked yet.
 * @throws {StoaError} `invalid_request` naming the field and what it should be
 */
export function parseMarketMessage(json: unknown): MarketMessage {
  return parse(marketMessageSchemas, json) as MarketMessage;
}
