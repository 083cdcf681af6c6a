import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NODE_MAJOR } from "./ensure-node.mjs";
import { missingPackages } from "./missing-packages.mjs";
import { npmCi } from "./npm-ci.mjs";
import { progress } from "./progress.mjs";
import { withLock } from "./with-lock.mjs";

/**
 * Makes sure that `node_modules` holds what package-lock.json names, installed under Node 24: under an older Node
 * npm silently leaves out platform binaries that ask for a newer one.
 * @param {string} root
 * @param {string} node
 */
export async function ensureDependencies(root, node) {
  const stampFile = join(root, "node_modules", ".stoa-installed");
  if (readStamp(stampFile) === stampOf(root)) return;

  await withLock(join(root, "toolchain", ".installing"), async () => {
    if (readStamp(stampFile) === stampOf(root)) return;
    // A tree that `npm install` has just brought up to date is as good as a fresh one, and somebody may be using it.
    if (missingPackages(root).length > 0) {
      await progress("installing the dependencies", () => npmCi(root, node));
      const missing = missingPackages(root);
      if (missing.length > 0) process.stderr.write(`setup: npm left out ${missing.join(", ")}\n`);
    }
    writeFileSync(stampFile, stampOf(root));
  });
}

/** @param {string} root */
function stampOf(root) {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  return `${lock} node ${NODE_MAJOR} ${process.platform}-${process.arch}\n`;
}

/** @param {string} file */
function readStamp(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
