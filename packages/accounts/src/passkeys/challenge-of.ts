/** The challenge that a device signed, as it says itself; whether it was given, and for what, is looked up by it. */
export function challengeOf(clientDataJSON: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString()) as { challenge?: unknown };
    return typeof challenge === "string" ? challenge : "";
  } catch {
    // What is no JSON names no challenge.
    return "";
  }
}
