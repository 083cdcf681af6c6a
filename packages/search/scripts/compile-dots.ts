// Compiles assembly/dots.ts into src/vectors/dots-code.ts.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dotsModule } from "./dots-module.ts";

await writeFile(join(import.meta.dirname, "../src/vectors/dots-code.ts"), await dotsModule());
