import { createCipheriv, createHash } from "node:crypto";
import { DEPTH_EXPORT, type Determinism, FUEL_EXPORT, MAX_STACK_SLOTS } from "../frames/metering.ts";
import { AgentFailure } from "./agent-host.ts";

/** Bytes the host moves for an agent that cost it as much as one instruction. */
const BYTES_PER_FUEL = 8;

/** What a deterministic execution uses and is given: the same wherever it runs again. */
export interface Meter {
  /** Connects the instance that counts. */
  attach(exports: WebAssembly.Exports): void;
  /** Takes fuel for bytes that the host moves. */
  charge(bytes: number): void;
  /** Fuel used so far. */
  used(): number;
  /** Why the counters end the execution, if they do. */
  failure(): AgentFailure | undefined;
  /** Fills bytes with random numbers that follow from the agent's version and its input. */
  random(bytes: Uint8Array): void;
}

/** Makes the meter of one execution. */
export function createMeter({ fuel, seed }: Determinism, input: Uint8Array): Meter {
  let left: WebAssembly.Global<"i64"> | undefined;
  let depth: WebAssembly.Global<"i32"> | undefined;
  const key = createHash("sha256").update(seed).update("\0").update(input).digest();
  // The key is of this input alone, so that its stream may begin at zero.
  const stream = createCipheriv("chacha20", key, Buffer.alloc(16));

  return {
    attach(exports) {
      left = exports[FUEL_EXPORT] as WebAssembly.Global<"i64">;
      depth = exports[DEPTH_EXPORT] as WebAssembly.Global<"i32">;
      // An interpreter is metered once, for agents of whatever limit.
      if (left.value > BigInt(fuel)) left.value = BigInt(fuel);
    },
    charge(bytes) {
      if (left) left.value -= BigInt(Math.ceil(bytes / BYTES_PER_FUEL));
    },
    used: () => (left ? Math.min(fuel, fuel - Number(left.value)) : 0),
    failure() {
      if (left && left.value < 0n) return new AgentFailure("fuel_limit", `the execution used up its ${fuel} of fuel`);
      if (depth && depth.value > MAX_STACK_SLOTS)
        return new AgentFailure(
          "crashed",
          "the calls are nested too deep: a deterministic agent has a stack of its own",
        );
      return undefined;
    },
    random(bytes) {
      bytes.set(stream.update(new Uint8Array(bytes.length)));
    },
  };
}
