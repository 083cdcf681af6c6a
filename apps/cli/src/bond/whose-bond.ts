import { type Address, parseAddress } from "@stoa/protocol";

export interface WhoseBond {
  node?: string;
}

/** Null for the bond that stands for every node. */
export function whoseBond({ node }: WhoseBond): Address | null {
  return node === undefined ? null : parseAddress(node, "--node");
}

/** "node 0x…", or "every node". */
export function tellWhose(node: Address | null): string {
  return node === null ? "every node" : `node ${node}`;
}
