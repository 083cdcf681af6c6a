import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { lockFolder } from "@stoa/host";
import { extractTar } from "./extract-tar.ts";

export interface Browser {
  executablePath: string;
  env: Record<string, string>;
  args: string[];
}

const INSTALLED = [
  "/usr/bin/google-chrome",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const unpack = promisify(brotliDecompress);
/** Written last: what lacks it was interrupted. */
const WHOLE = "whole.txt";

/**
 * A Chromium to test in: the one that `STOA_BROWSER` names, the system's, or the one that an npm package brings, unpacked
 * with the libraries and fonts that a bare machine lacks.
 */
export async function findBrowser(): Promise<Browser> {
  const named = process.env["STOA_BROWSER"] ?? INSTALLED.find((path) => existsSync(path));
  if (named !== undefined) return { executablePath: named, env: {}, args: ["--no-sandbox"] };
  const folder = await unpackChromium();
  return {
    executablePath: join(folder, "chromium"),
    env: {
      LD_LIBRARY_PATH: [join(folder, "al2023", "lib"), folder].join(":"),
      FONTCONFIG_PATH: folder,
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
    args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--in-process-gpu"],
  };
}

async function unpackChromium(): Promise<string> {
  const packed = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..");
  const { version } = JSON.parse(await readFile(join(packed, "package.json"), "utf8")) as { version: string };
  const folder = join(tmpdir(), `stoa-chromium-${version}-${process.getuid?.() ?? "user"}`);
  for (;;) {
    if (existsSync(join(folder, WHOLE))) return folder;
    await using lock = await lockFolder(`${folder}.lock`).catch(() => null);
    if (lock === null) {
      // Another test file unpacks it.
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    if (existsSync(join(folder, WHOLE))) return folder;
    await unpackInto(`${folder}.part`, join(packed, "bin"));
    await rm(folder, { recursive: true, force: true });
    await rename(`${folder}.part`, folder);
    return folder;
  }
}

async function unpackInto(folder: string, packed: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const read = async (name: string) => unpack(await readFile(join(packed, name)));
  await writeFile(join(folder, "chromium"), await read("chromium.br"), { mode: 0o700 });
  await extractTar(await read("al2023.tar.br"), join(folder, "al2023"));
  await extractTar(await read("swiftshader.tar.br"), folder);
  await extractTar(await read("fonts.tar.br"), folder);
  const fonts = folder.replace(/\.part$/, "");
  await writeFile(
    join(folder, "fonts.conf"),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(fonts, "fonts")}</dir><cachedir>${join(fonts, "font-cache")}</cachedir></fontconfig>`,
  );
  await writeFile(join(folder, WHOLE), "");
}
