import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentVersionId } from "@stoa/protocol";
import { GrantRefusal, openKeyValueStore } from "@stoa/sandbox";
import { afterEach, beforeEach, expect, test } from "vitest";

const [first, second] = ["0x01", "0x02"] as unknown as [AgentVersionId, AgentVersionId];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-kv-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("what is set is there after the store is opened again, apart for every version", async () => {
  const store = openKeyValueStore({ folder });
  await store.set(first, "a", { n: 1 });
  await store.set(first, "__proto__", "kept");
  await store.set(second, "a", 2);
  await store.delete(first, "nothing");

  const again = openKeyValueStore({ folder });
  expect(await again.get(first, "a")).toEqual({ n: 1 });
  expect(await again.get(first, "__proto__")).toBe("kept");
  expect(await again.get(second, "a")).toBe(2);
  expect(await again.get(first, "b")).toBeNull();
  expect(await again.list(first, "")).toEqual(["__proto__", "a"]);
  await again.delete(first, "a");
  expect(await openKeyValueStore({ folder }).list(first, "")).toEqual(["__proto__"]);
  expect((await readdir(folder)).sort()).toEqual(["0x01.json", "0x02.json"]);
});

test("changes made at once all count", async () => {
  const store = openKeyValueStore({ folder });
  await Promise.all(Array.from({ length: 50 }, (_, index) => store.set(first, `key ${index}`, index)));
  expect(await openKeyValueStore({ folder }).list(first, "key")).toHaveLength(50);
});

test("keys, values, their number and their sum are bounded, and a refusal changes nothing", async () => {
  const store = openKeyValueStore();
  await expect(store.set(first, "", 1)).rejects.toThrow(GrantRefusal);
  await expect(store.set(first, "k".repeat(257), 1)).rejects.toThrow("256 characters");
  await expect(store.set(first, "a", "x".repeat(65_536))).rejects.toThrow("65536 bytes");
  const half = "x".repeat(60_000);
  for (let index = 0; index < 17; index += 1) await store.set(first, `large ${index}`, half);
  await expect(store.set(first, "one more", half)).rejects.toThrow("1048576 are allowed");
  await store.set(first, "large 0", half);
  expect(await store.list(first, "")).toHaveLength(17);
  for (let index = 0; index < 1_000; index += 1) await store.set(second, `small ${index}`, index);
  await expect(store.set(second, "one more", 1)).rejects.toThrow("1000 keys");
  await store.set(second, "small 1", "again");
});

test("a damaged file is an error, not an empty store", async () => {
  await writeFile(join(folder, `${first}.json`), "{");
  await expect(openKeyValueStore({ folder }).get(first, "a")).rejects.toThrow(SyntaxError);
});
