/** The method of a JSON-RPC request, or undefined for anything else. */
export function jsonRpcMethod(body: Uint8Array): string | undefined {
  try {
    const { method } = JSON.parse(Buffer.from(body).toString()) as { method?: unknown };
    return typeof method === "string" ? method : undefined;
  } catch {
    return undefined;
  }
}
