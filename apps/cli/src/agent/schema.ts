import { manifestFileSchema } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli } from "../cli.ts";

export function schema(cli: Cli): Command {
  return new Command("schema")
    .description("print the JSON Schema of manifest.json and manifest.yaml, for editors")
    .addHelpText(
      "after",
      `
Name the file in the manifest: "$schema": "./manifest.schema.json", or in YAML a first line
# yaml-language-server: $schema=./manifest.schema.json

Example: stoa agent schema > manifest.schema.json`,
    )
    .action(() => cli.terminal.printJson(manifestFileSchema()));
}
