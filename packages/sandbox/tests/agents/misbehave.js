// An agent that does as its input tells it, good and bad; assembly/misbehave.ts is its twin.
let runs = 0;

const deeds = {
  double: ({ n }) => ({ value: 2 * n }),
  count: () => ({ value: (runs += 1) }),
  loop() {
    for (;;);
  },
  allocate() {
    const kept = [];
    for (;;) kept.push(new Uint8Array(1 << 16).fill(1));
  },
  flood(_, ctx) {
    for (;;) ctx.log("all work and no play makes a dull log");
  },
  flushLines(_, ctx) {
    for (;;) ctx.log("");
  },
  log({ lines }, ctx) {
    for (const line of lines) ctx.log(line);
    return { value: lines.length };
  },
  progress(_, ctx) {
    for (let step = 0; step <= 20_000; step += 1) ctx.progress(step / 20_000, "step");
    return { value: 0 };
  },
  garbage: () => undefined,
  mismatch: () => ({ surprise: true }),
  large: ({ bytes }) => ({ text: "x".repeat(bytes) }),
  crash() {
    throw new TypeError("it went wrong on purpose");
  },
  recurse() {
    const down = (n) => 1 + down(n + 1);
    return { value: down(0) };
  },
  async call({ method, params }, ctx) {
    try {
      return { text: JSON.stringify(await ctx.call(method, params)) };
    } catch (error) {
      return { refused: error.message };
    }
  },
};

export function run(input, ctx) {
  return deeds[input.do](input, ctx);
}
