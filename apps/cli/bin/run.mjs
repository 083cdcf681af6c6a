// Under Node 24: runs the command, keeping what V8 makes of its sources for the next time, which halves its start.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import(new URL("../src/main.ts", import.meta.url).href);
