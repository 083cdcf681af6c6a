#!/usr/bin/env node
// Runs a file, or `--test`, under the Node the market runs on, whichever Node the host has.
import { runNode } from "../../../scripts/run/run-node.mjs";

await runNode(process.argv.slice(2));
