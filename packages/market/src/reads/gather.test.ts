import { expect, test } from "vitest";
import { gather } from "./gather.ts";

test("callers of one turn share a statement, each gets its own key's value, and an unknown key gets none", async () => {
  const asked: (readonly string[])[] = [];
  const read = gather(async (keys) => {
    asked.push(keys);
    return new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key.toUpperCase()]));
  });
  expect(await Promise.all([read("a"), read("b"), read("a"), read("unknown")])).toEqual(["A", "B", "A", undefined]);
  expect(await read("a")).toBe("A");
  expect(asked).toEqual([["a", "b", "unknown"], ["a"]]);
});

test("a statement that fails fails its callers, and the next ones read again", async () => {
  let failing = true;
  const read = gather(async (keys) => {
    if (failing) throw new Error("away");
    return new Map(keys.map((key) => [key, key]));
  });
  await expect(Promise.all([read("a"), read("b")])).rejects.toThrow("away");
  failing = false;
  expect(await read("a")).toBe("a");
});
