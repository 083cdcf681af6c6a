import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSender, fileJournal, localAccount } from "@stoa/chain";
import { describeJournal } from "@stoa/testkit/journal-laws";
import { startQuietChain } from "./sender-setup.ts";

async function freshFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-journal-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "deep", "sent.json");
}

describe("a journal in a file", () => {
  describeJournal(async () => {
    const file = await freshFile();
    return { journal: fileJournal(file), again: async () => fileJournal(file) };
  });

  it("refuses a file that is none, instead of forgetting what may be in flight", async () => {
    const file = await freshFile();
    await fileJournal(file).settle(`0x${"00".repeat(32)}`, 1, { state: "done", txHash: null, reason: null });
    const world = await startQuietChain();
    const sender = createSender(world.chain, localAccount(3), { journal: fileJournal(file) });
    await sender.send({ doing: "paying", to: world.freshAddress(), data: "0x", value: 1n });
    await writeFile(file, (await readFile(file, "utf8")).slice(0, 40));
    await expect(fileJournal(file).listOpen()).rejects.toMatchObject({ code: "invalid_configuration" });
  });

  it("is taken for one process before it is read", async () => {
    const file = await freshFile();
    const taken = fileJournal(file, () => Promise.reject(new Error("another has it")));
    await expect(taken.listOpen()).rejects.toThrow("another has it");
  });
});
