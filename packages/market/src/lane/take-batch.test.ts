import { expect, test } from "vitest";
import { takeBatch } from "./take-batch.ts";

const item = (name: string, claims: { owns?: string[]; uses?: string[] } = {}) => ({ name, operation: claims });
const names = (items: { name: string }[]) => items.map(({ name }) => name).join(" ");

test("operations that claim nothing in common share a batch, up to its bound", () => {
  const { batch, rest } = takeBatch([item("a", { owns: ["x"] }), item("b", { owns: ["y"] }), item("c")], 2);
  expect([names(batch), names(rest)]).toEqual(["a b", "c"]);
});

test("two that own the same run in different batches, in the order they came", () => {
  const { batch, rest } = takeBatch(
    [item("a", { owns: ["x"] }), item("b", { owns: ["x"] }), item("c"), item("d", { owns: ["x"] })],
    9,
  );
  expect([names(batch), names(rest)]).toEqual(["a c", "b d"]);
});

test("users of one thing share a batch, its owner waits for them, and later users wait for the owner", () => {
  const queue = [
    item("a", { uses: ["x"] }),
    item("b", { uses: ["x"] }),
    item("c", { owns: ["x"] }),
    item("d", { uses: ["x"] }),
  ];
  const first = takeBatch(queue, 9);
  expect([names(first.batch), names(first.rest)]).toEqual(["a b", "c d"]);
  const second = takeBatch(first.rest, 9);
  expect([names(second.batch), names(second.rest)]).toEqual(["c", "d"]);
});

test("a queue of operations that all exclude each other is not searched to its end", () => {
  const queue = Array.from({ length: 50 }, (_, at) => item(String(at), { owns: ["x"] }));
  const { batch, rest } = takeBatch(queue, 2);
  expect([names(batch), rest.length, rest[0]?.name]).toEqual(["0", 49, "1"]);
});
