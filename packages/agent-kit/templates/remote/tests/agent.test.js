import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { server } from "../src/server.js";

const read = async (name) => JSON.parse(await readFile(join(import.meta.dirname, "../inputs", name), "utf8"));

test("answers its recorded inputs as expected", async (t) => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const { port } = server.address();
  for (const name of ["short", "odd"]) {
    const body = JSON.stringify(await read(`${name}.json`));
    const headers = { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body });
    assert.deepEqual(await response.json(), await read(`${name}.expected.json`));
  }
});
