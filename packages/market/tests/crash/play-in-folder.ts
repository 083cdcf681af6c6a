// Plays bursts from standard input on a market in a folder, one line of JSON each, and tells on standard output what
// the market promised, and "done" after each. A process of its own, so that a test can kill the database with it.
import { createInterface } from "node:readline";
import { openDatabase } from "@stoa/store";
import { openPlayer } from "./play-market.ts";

const [folder = "", seed = "", sitting = "0"] = process.argv.slice(2);
const tell = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
const database = await openDatabase({ folder });
const player = await openPlayer(database, seed, Number(sitting), tell);
tell("open");
for await (const line of createInterface({ input: process.stdin })) {
  await player.play(JSON.parse(line));
  tell("done");
}
await database.close();
