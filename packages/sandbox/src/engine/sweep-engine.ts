import type { Engine } from "./open-engine.ts";
import { imageRepository, NODE_LABEL } from "./marks.ts";

const isGone = (error: unknown) => [404, 409].includes((error as { statusCode?: number }).statusCode ?? 0);

/**
 * Removes every container and image that a node has left at an engine: what one that was killed could not do itself.
 * The node calls it before it runs anything; another node's things are not touched.
 */
export async function sweepEngine({ docker }: Engine, nodeId: string): Promise<{ containers: number; images: number }> {
  const containers = await docker.listContainers({
    all: true,
    filters: JSON.stringify({ label: [`${NODE_LABEL}=${nodeId}`] }),
  });
  for (const { Id } of containers) {
    // An engine that was removing it already says so.
    await docker
      .getContainer(Id)
      .remove({ force: true, v: true })
      .catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
  }
  const repository = imageRepository(nodeId);
  const images = await docker.listImages({ filters: JSON.stringify({ reference: [repository] }) });
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith(`${repository}:`));
  for (const tag of tags) await docker.getImage(tag).remove({ force: true });
  return { containers: containers.length, images: tags.length };
}
