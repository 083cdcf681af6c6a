import { type Hash, StoaError } from "@stoa/protocol";
import { type ArchiveManifest, checkArchive, listArchives, readManifest } from "@stoa/store";
import { type ArchiveTools, dayOf } from "./archive-tools.ts";

/** `check [PARTITION]`: reads archives back. The whole chain of manifests is walked when none is named. */
export async function checkArchives(tools: ArchiveTools, partition: string | undefined): Promise<number> {
  const { database, objects, json, out, progress } = tools;
  const written = (await listArchives(database)).flatMap(({ manifest, previous }) =>
    manifest ? [{ manifest, previous }] : [],
  );
  const checked: { manifest: Hash; partition: string; rows: number }[] = [];
  for (const { hash, manifest } of await chainOf(tools, written)) {
    if (partition !== undefined && manifest.partition !== partition) continue;
    await checkArchive(objects, manifest, (rows) => progress(`${manifest.partition}: ${rows} rows`));
    checked.push({ manifest: hash, partition: manifest.partition, rows: manifest.rows });
    if (!json) out(`${hash}  ${manifest.partition}  ${dayOf(Date.parse(manifest.from))}  ${manifest.rows} rows`);
  }
  if (partition !== undefined && checked.length === 0)
    throw new StoaError("not_found", `${partition} was never archived`);
  if (json) out(JSON.stringify({ archives: checked }));
  else out(`${checked.length} archives read back as they were written`);
  return 0;
}

/** Every manifest there is, the first one first, each naming the one before. */
async function chainOf(
  { objects }: ArchiveTools,
  written: readonly { manifest: Hash; previous: Hash | null }[],
): Promise<{ hash: Hash; manifest: ArchiveManifest }[]> {
  const following = new Map(written.map(({ manifest, previous }) => [previous, manifest]));
  const chain: { hash: Hash; manifest: ArchiveManifest }[] = [];
  let previous: Hash | null = null;
  for (let hash = following.get(previous); hash; hash = following.get(hash)) {
    const manifest = await readManifest(objects, hash);
    if (manifest.previous !== previous)
      throw new StoaError("internal", `${hash} follows ${manifest.previous}, expected ${previous}`);
    chain.push({ hash, manifest });
    previous = hash;
  }
  if (chain.length !== written.length)
    throw new StoaError("internal", `the chain of manifests has ${chain.length} links, expected ${written.length}`);
  return chain;
}
