import { taskStates } from "@stoa/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isFinal, nextState, type TaskAction, transitions } from "./lifecycle.ts";

const actions: TaskAction[] = [
  "award",
  "start",
  "deliver",
  "settle",
  "reaward",
  "reopen",
  "fail",
  "bury",
  "retry",
  "refund",
  "enforce",
  "cancel",
  "expire",
];

test("a final state admits nothing, and every other state can reach one", () => {
  for (const state of taskStates) {
    const seen = new Set([state]);
    for (const reached of seen) for (const next of Object.values(transitions[reached])) seen.add(next);
    expect([...seen].some(isFinal)).toBe(true);
    if (isFinal(state)) for (const action of actions) expect(() => nextState(state, action)).toThrow(/does not admit/);
  }
});

test("no walk of the market's own actions pays a task that was never delivered", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 40 }), (walk) => {
      let state: (typeof taskStates)[number] = "open";
      let delivered = false;
      for (const action of walk) {
        if (action === "enforce" || !transitions[state][action]) continue;
        state = nextState(state, action);
        if (state === "delivered") delivered = true;
        if (state === "settled") expect(delivered).toBe(true);
      }
    }),
  );
});
