/** What a request asks, whatever the protocol it came by. */
export interface Asked {
  model: string;
  /** The last thing the user said. */
  text: string;
  toolResult: string | undefined;
  hasTools: boolean;
  maxTokens: number | undefined;
  streams: boolean;
}

export interface Reply {
  pieces: string[];
  tool?: { id: string; name: string; json: string };
  finish: "stop" | "length" | "tool";
  usage?: { input: number; output: number };
}

/** A provider's protocol, as far as its public reference describes it. */
export interface Dialect {
  /** Where the key travels. */
  keyHeader: string;
  keyPrefix: string;
  chatPath: string;
  embedPath: string;
  read(body: Body): Asked;
  answer(reply: Reply): unknown;
  /** The answer as events, begun and ended apart from its pieces. */
  events(reply: Reply): { head: string; piece(text: string): string; tail: string };
  error(message: string): unknown;
}

/** JSON as it comes: every dialect knows its own shape. */
// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

/** OpenAI's chat completions, which Groq and many local servers speak too. */
export function openAiDialect(base: string, usageInGroqField = false): Dialect {
  const finishes = { stop: "stop", length: "length", tool: "tool_calls" };
  const usageOf = ({ usage }: Reply) =>
    usage && {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.input + usage.output,
    };
  const toolCalls = ({ tool }: Reply) =>
    tool && [{ index: 0, id: tool.id, type: "function", function: { name: tool.name, arguments: tool.json } }];
  const frame = { id: "chat-1", created: 1, model: "served" };
  const chunk = (delta: unknown, finish: string | null = null) =>
    event({ ...frame, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] });
  return {
    keyHeader: "authorization",
    keyPrefix: "Bearer ",
    chatPath: `${base}/chat/completions`,
    embedPath: `${base}/embeddings`,
    read(body) {
      const said = body.messages.at(-1);
      const user = body.messages.findLast((message: Body) => message.role === "user");
      const content = user?.content;
      return {
        model: body.model,
        text: typeof content === "string" ? content : (content?.[0]?.text ?? ""),
        toolResult: said.role === "tool" ? said.content : undefined,
        hasTools: body.tools?.[0]?.function?.parameters?.type === "object",
        maxTokens: body.max_tokens ?? body.max_completion_tokens,
        streams: body.stream === true,
      };
    },
    answer: (reply) => ({
      ...frame,
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: reply.pieces.join("") || null, tool_calls: toolCalls(reply) },
          finish_reason: finishes[reply.finish],
        },
      ],
      usage: usageOf(reply),
    }),
    events(reply) {
      const usage = usageOf(reply);
      const last = { ...frame, object: "chat.completion.chunk", choices: [] };
      const usageEvent =
        usage && event(usageInGroqField ? { ...last, x_groq: { id: "g", usage } } : { ...last, usage });
      const tool = reply.tool ? chunk({ tool_calls: toolCalls(reply) }) : "";
      return {
        head: chunk({ role: "assistant", content: "" }),
        piece: (text) => chunk({ content: text }),
        tail: `${tool}${chunk({}, finishes[reply.finish])}${usageEvent ?? ""}data: [DONE]\n\n`,
      };
    },
    error: (message) => ({ error: { message, type: "some_error", code: null } }),
  };
}

/** Anthropic's messages. */
export function anthropicDialect(base: string): Dialect {
  const finishes = { stop: "end_turn", length: "max_tokens", tool: "tool_use" };
  const named = (data: { type: string }) => `event: ${data.type}\n${event(data)}`;
  const blank = { id: "msg-1", type: "message", role: "assistant", model: "served", stop_sequence: null };
  return {
    keyHeader: "x-api-key",
    keyPrefix: "",
    chatPath: `${base}/messages`,
    embedPath: `${base}/nothing`,
    read(body) {
      const parts: Body[] = body.messages.at(-1).content;
      const result = parts.find((part) => part.type === "tool_result");
      const texts = body.messages.flatMap((message: Body) =>
        message.role === "user" ? message.content.filter((part: Body) => part.type === "text") : [],
      );
      return {
        model: body.model,
        text: texts.at(-1)?.text ?? "",
        toolResult: typeof result?.content === "string" ? result.content : result?.content?.[0]?.text,
        hasTools: body.tools?.[0]?.input_schema?.type === "object",
        maxTokens: body.max_tokens,
        streams: body.stream === true,
      };
    },
    answer: ({ pieces, tool, finish, usage }) => ({
      ...blank,
      content: [
        ...(pieces.length > 0 ? [{ type: "text", text: pieces.join("") }] : []),
        ...(tool ? [{ type: "tool_use", id: tool.id, name: tool.name, input: JSON.parse(tool.json) }] : []),
      ],
      stop_reason: finishes[finish],
      usage: { input_tokens: usage?.input ?? 0, output_tokens: usage?.output ?? 0 },
    }),
    events({ tool, finish, usage }) {
      const text = { type: "text", text: "" };
      const used = { type: "tool_use", id: tool?.id, name: tool?.name, input: {} };
      const json = { type: "input_json_delta", partial_json: tool?.json };
      const toolBlock = tool
        ? named({ type: "content_block_start", index: 1, content_block: used } as { type: string }) +
          named({ type: "content_block_delta", index: 1, delta: json } as { type: string }) +
          named({ type: "content_block_stop", index: 1 } as { type: string })
        : "";
      const start = {
        ...blank,
        content: [],
        stop_reason: null,
        usage: { input_tokens: usage?.input, output_tokens: 1 },
      };
      return {
        head:
          named({ type: "message_start", message: start } as { type: string }) +
          named({ type: "content_block_start", index: 0, content_block: text } as { type: string }),
        piece: (piece) =>
          named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: piece } } as {
            type: string;
          }),
        tail:
          named({ type: "content_block_stop", index: 0 } as { type: string }) +
          toolBlock +
          named({
            type: "message_delta",
            delta: { stop_reason: finishes[finish], stop_sequence: null },
            usage: { output_tokens: usage?.output ?? 0 },
          } as { type: string }) +
          named({ type: "message_stop" }),
      };
    },
    error: (message) => ({ type: "error", error: { type: "some_error", message } }),
  };
}

/** The providers a node knows, each at a path of its own. */
export const dialects = {
  openai: openAiDialect("/v1"),
  anthropic: anthropicDialect("/v1"),
  groq: openAiDialect("/openai/v1", true),
  "openai-compatible": openAiDialect("/v1"),
} as const satisfies Record<string, Dialect>;
