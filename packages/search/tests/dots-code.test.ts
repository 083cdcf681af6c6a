import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dotsModule } from "../scripts/dots-module.ts";

test("the kernel that is kept is what its source compiles to", async () => {
  const kept = await readFile(join(import.meta.dirname, "../src/vectors/dots-code.ts"), "utf8");
  expect(kept).toBe(await dotsModule());
});
