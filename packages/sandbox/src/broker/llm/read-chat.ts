import type { LanguageModelV4CallOptions, LanguageModelV4Message } from "@ai-sdk/provider";
import type { Json } from "@stoa/protocol";
import Type, { type Static } from "typebox";
import { GrantRefusal } from "../grant-refusal.ts";
import { llmLimits } from "./model-settings.ts";
import { readParams } from "./read-params.ts";

const closed = { additionalProperties: false };
const ToolName = Type.String({ pattern: "^[a-zA-Z][a-zA-Z0-9_-]{0,63}$" });
const CallId = Type.String({ minLength: 1, maxLength: 128 });

const MessageSchema = Type.Union([
  Type.Object({ role: Type.Literal("user"), content: Type.String() }, closed),
  Type.Object(
    {
      role: Type.Literal("assistant"),
      content: Type.Optional(Type.String()),
      toolCalls: Type.Optional(
        Type.Array(Type.Object({ id: CallId, name: ToolName, input: Type.Unknown() }, closed), { maxItems: 64 }),
      ),
    },
    closed,
  ),
  Type.Object({ role: Type.Literal("tool"), id: CallId, content: Type.String() }, closed),
]);

/** What an agent gives `llm.chat` and `llm.stream`. */
const ChatSchema = Type.Object(
  {
    model: Type.String(),
    system: Type.Optional(Type.String()),
    messages: Type.Array(MessageSchema, { minItems: 1, maxItems: llmLimits.messages }),
    maxTokens: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
    tools: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: ToolName,
            description: Type.Optional(Type.String()),
            input: Type.Record(Type.String(), Type.Unknown()),
          },
          closed,
        ),
        { minItems: 1, maxItems: llmLimits.tools },
      ),
    ),
    toolChoice: Type.Optional(Type.Union([Type.Literal("auto"), Type.Literal("none"), Type.Literal("required")])),
  },
  closed,
);
type Chat = Static<typeof ChatSchema>;

export interface ChatCall {
  model: string;
  /** Size of all that is sent. */
  bytes: number;
  maxTokens: number;
  options: LanguageModelV4CallOptions;
}

/** Gives every result of a tool the name of its tool, which providers want to be told again. */
function toPrompt({ system, messages }: Chat): LanguageModelV4Message[] {
  const names = new Map<string, string>();
  const prompt: LanguageModelV4Message[] = system === undefined ? [] : [{ role: "system", content: system }];
  for (const message of messages) {
    if (message.role === "user") {
      prompt.push({ role: "user", content: [{ type: "text", text: message.content }] });
    } else if (message.role === "assistant") {
      const { content = "", toolCalls = [] } = message;
      for (const { id, name } of toolCalls) names.set(id, name);
      const calls = toolCalls.map(({ id, name, input }) => ({
        type: "tool-call" as const,
        toolCallId: id,
        toolName: name,
        input,
      }));
      prompt.push({
        role: "assistant",
        content: [...(content === "" ? [] : [{ type: "text" as const, text: content }]), ...calls],
      });
    } else {
      const toolName = names.get(message.id);
      if (toolName === undefined)
        throw new GrantRefusal(`no message before calls the tool whose result has the id ${message.id}`);
      const output = { type: "text" as const, value: message.content };
      const result = { type: "tool-result" as const, toolCallId: message.id, toolName, output };
      const before = prompt.at(-1);
      // The results of one answer go together.
      if (before?.role === "tool") before.content.push(result);
      else prompt.push({ role: "tool", content: [result] });
    }
  }
  return prompt;
}

/**
 * Reads the parameters of `llm.chat` and `llm.stream`.
 * @throws {GrantRefusal} naming the first wrong field
 */
export function readChat(method: string, params: Json): ChatCall {
  const { value, bytes } = readParams(method, ChatSchema, params);
  const { model, maxTokens = llmLimits.maxTokens, temperature, tools, toolChoice } = value;
  const functions = tools?.map(({ name, description, input }) => ({
    type: "function" as const,
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: input,
  }));
  return {
    model,
    bytes,
    maxTokens,
    options: {
      prompt: toPrompt(value),
      ...(temperature === undefined ? {} : { temperature }),
      ...(functions === undefined ? {} : { tools: functions, toolChoice: { type: toolChoice ?? "auto" } }),
    },
  };
}
