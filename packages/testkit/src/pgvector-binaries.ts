import { existsSync, globSync } from "node:fs";
import { join } from "node:path";

const SYSTEM = "/usr/lib/postgresql";

/**
 * The programs' folder of a PostgreSQL of the system's that has pgvector; the one of the npm packages has not. It is not
 * installed here: Debian's package would start a server of its own.
 */
export function findPgvectorBinaries(): { binaries: string } | { missing: string } {
  const version = globSync("*/bin/postgres", { cwd: SYSTEM })
    .map((path) => path.split("/")[0]!)
    .find((each) => existsSync(`/usr/share/postgresql/${each}/extension/vector.control`));
  if (version !== undefined) return { binaries: join(SYSTEM, version, "bin") };
  return { missing: `no PostgreSQL in ${SYSTEM} has pgvector (Debian 13: apt-get install postgresql-17-pgvector)` };
}
