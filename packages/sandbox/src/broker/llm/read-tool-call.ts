import type { LanguageModelV4ToolCall } from "@ai-sdk/provider";
import { isTooDeep, type Json } from "@stoa/protocol";

/** A tool call as agents get it. What a model wrote that is no JSON is given as it stands, in `unreadable`. */
export function readToolCall({ toolCallId, toolName, input }: LanguageModelV4ToolCall): Json {
  const call = { id: toolCallId, name: toolName };
  try {
    const read = JSON.parse(input) as Json;
    return isTooDeep(read) ? { ...call, input: null, unreadable: input } : { ...call, input: read };
  } catch {
    return { ...call, input: null, unreadable: input };
  }
}
