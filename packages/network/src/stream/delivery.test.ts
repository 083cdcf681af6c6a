import { StoaError } from "@stoa/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame } from "./frame.ts";
import { createIncoming } from "./incoming.ts";
import { createOutgoing, messageText } from "./outgoing.ts";

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

type Step =
  | { kind: "say"; skip: number }
  | { kind: "carry" }
  | { kind: "lose" }
  | { kind: "acknowledge" }
  | { kind: "reconnect" };

/** Subjects the messages are about. */
const KEYS = 3;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("say" as const), skip: fc.nat(3) }) },
    { weight: 4, arbitrary: fc.constant({ kind: "carry" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "lose" as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: "acknowledge" as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: "reconnect" as const }) },
  ),
  { maxLength: 60 },
);

describe("numbered messages", () => {
  it("are dealt with once, in their subject's order and without loss, however streams break and acknowledgements are lost", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const said: number[] = [];
        const heard: number[] = [];
        const outgoing = createOutgoing();
        const incoming = createIncoming<{ type: string; value: number }>({
          parse: (json) => json as { type: string; value: number },
          handle: async ({ value }) => {
            // Each takes as long as it likes: order among those of one key is not the handler's doing.
            for (let turns = (value * 7) % 4; turns > 0; turns -= 1) await Promise.resolve();
            heard.push(value);
          },
          keyOf: ({ value }) => String(value % KEYS),
          onInvalid: () => undefined,
          onHandled: () => undefined,
          onPressure: () => undefined,
          log: quiet,
        });
        let seq = 0;
        let isBroken = false;
        incoming.begin("a");
        const settle = async () => {
          for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        };
        const carry = () => {
          for (let frame = outgoing.take(0, false); frame; frame = outgoing.take(0, false))
            if (!isBroken) incoming.accept(decodeFrame(frame));
        };
        const reconnect = async () => {
          isBroken = false;
          await settle();
          outgoing.rewind(incoming.begin("a"));
        };
        for (const step of script) {
          if (step.kind === "say") {
            seq += 1 + step.skip;
            said.push(seq);
            outgoing.enqueue(seq, messageText({ type: "x", value: seq }));
          } else if (step.kind === "carry") carry();
          else if (step.kind === "lose") [isBroken] = [true, carry()];
          else if (step.kind === "acknowledge") outgoing.acknowledge(incoming.ack());
          else await reconnect();
        }
        await reconnect();
        carry();
        await settle();
        for (let key = 0; key < KEYS; key += 1) {
          const of = (values: number[]) => values.filter((value) => value % KEYS === key);
          expect(of(heard)).toEqual(of(said));
        }
        outgoing.acknowledge(incoming.ack());
        expect(outgoing.waiting()).toEqual({ messages: 0, bytes: 0 });
        await incoming.stop();
      }),
      { numRuns: 200 },
    );
  });

  it("wait behind one that meets a fault worth retrying, and are not acknowledged before it", async () => {
    let away = true;
    const heard: string[] = [];
    const incoming = createIncoming<{ type: string }>({
      parse: (json) => json as { type: string },
      async handle({ type }) {
        if (away) throw new StoaError("database_unavailable", "away");
        heard.push(type);
      },
      keyOf: () => "same",
      onInvalid: () => undefined,
      onHandled: () => undefined,
      onPressure: () => undefined,
      log: quiet,
    });
    incoming.begin("a");
    incoming.accept({ seq: 1, ack: 0, messages: [{ type: "one" }, { type: "two" }], notices: [] });
    await new Promise((resolve) => setImmediate(resolve));
    expect([heard, incoming.ack()]).toEqual([[], 0]);
    away = false;
    while (incoming.ack() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(heard).toEqual(["one", "two"]);
    await incoming.stop();
  });

  it("about other things go on meanwhile, and are acknowledged with it", async () => {
    const gates = new Map<string, PromiseWithResolvers<void>>();
    const begun: string[] = [];
    const incoming = createIncoming<{ type: string; about: string }>({
      parse: (json) => json as { type: string; about: string },
      async handle({ type }) {
        begun.push(type);
        gates.set(type, Promise.withResolvers());
        await gates.get(type)!.promise;
      },
      keyOf: ({ about }) => about,
      onInvalid: () => undefined,
      onHandled: () => undefined,
      onPressure: () => undefined,
      log: quiet,
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const messages = [
      { type: "a1", about: "a" },
      { type: "a2", about: "a" },
      { type: "b1", about: "b" },
    ];
    incoming.begin("a");
    incoming.accept({ seq: 1, ack: 0, messages, notices: [] });
    incoming.enqueue(() => void begun.push("alone"));
    incoming.accept({ seq: 4, ack: 0, messages: [{ type: "c1", about: "c" }], notices: [] });
    await turn();
    expect([begun, incoming.ack()]).toEqual([["a1", "b1"], 0]);
    gates.get("b1")!.resolve();
    await turn();
    expect([begun, incoming.ack()]).toEqual([["a1", "b1"], 0]);
    gates.get("a1")!.resolve();
    await turn();
    expect([begun, incoming.ack()]).toEqual([["a1", "b1", "a2"], 1]);
    gates.get("a2")!.resolve();
    await turn();
    expect([begun, incoming.ack()]).toEqual([["a1", "b1", "a2", "alone", "c1"], 3]);
    gates.get("c1")!.resolve();
    await turn();
    expect(incoming.ack()).toBe(4);
    await incoming.stop();
  });

  it("ask the reader to pause when they come faster than they are dealt with, and to go on later", async () => {
    const pressure: boolean[] = [];
    const gate = Promise.withResolvers<void>();
    const incoming = createIncoming<{ type: string }>({
      parse: (json) => json as { type: string },
      handle: () => gate.promise,
      keyOf: () => "same",
      onInvalid: () => undefined,
      onHandled: () => undefined,
      onPressure: (pause) => pressure.push(pause),
      log: quiet,
    });
    incoming.begin("a");
    incoming.accept({ seq: 1, ack: 0, messages: Array.from({ length: 600 }, () => ({ type: "x" })), notices: [] });
    expect(pressure).toEqual([true]);
    gate.resolve();
    while (incoming.ack() < 600) await new Promise((resolve) => setImmediate(resolve));
    expect(pressure).toEqual([true, false]);
    await incoming.stop();
  });
});
