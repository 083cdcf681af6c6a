/**
 * What stands in an agent's realm before its module does: the context given to `run`, and a console that logs.
 * Calls are answered before they return, so that no clock and no event loop is needed inside.
 */
export const prelude = `(function (log, progress, call, random) {
  const written = (part) => {
    if (typeof part === "string") return part;
    if (part instanceof Error) return part.name + ": " + part.message;
    try { return JSON.stringify(part) ?? String(part); } catch { return String(part); }
  };
  const context = Object.freeze({
    log(...parts) { log(parts.map(written).join(" ")); },
    progress(fraction, text = "") { progress(Number(fraction), String(text)); },
    async call(method, params = null) {
      const reply = call(String(method), JSON.stringify(params) ?? "null");
      if (reply[0] === "-") throw new Error(reply.slice(1));
      return JSON.parse(reply.slice(1));
    },
  });
  if (random) Math.random = () => random();
  globalThis.console = Object.freeze({ log: context.log, info: context.log, debug: context.log, warn: context.log, error: context.log });
  return async (run, input) => {
    const value = await run(JSON.parse(input), context);
    try { return JSON.stringify(value); } catch { return undefined; }
  };
})`;
