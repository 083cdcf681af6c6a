import type { AgentHost } from "./agent-host.ts";

/** Memory of a module from a pointer on; throws when it reaches outside. */
export type MemoryView = (pointer: number, length: number) => Buffer;

/** What every module may ask of its host beside input, output and log: progress, and the calls it was granted. */
export function stoaImports(view: MemoryView, host: AgentHost) {
  let reply = Buffer.alloc(0);
  const text = (pointer: number, length: number) => view(pointer, length).toString("utf8");
  return {
    progress: (permille: number, pointer: number, length: number) =>
      host.progress(permille / 1_000, text(pointer, length)),
    call(methodPointer: number, methodLength: number, jsonPointer: number, jsonLength: number) {
      const answer = host.call(text(methodPointer, methodLength), text(jsonPointer, jsonLength));
      reply = Buffer.from(answer.json);
      return answer.ok ? reply.length : -reply.length;
    },
    reply_read: (pointer: number) => void view(pointer, reply.length).set(reply),
  };
}
