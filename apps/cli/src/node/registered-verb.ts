import { nodeStatus, type NodeStatus } from "@stoa/chain";
import { type Address, parseAddress, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import { type Sent, tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";

interface RegisteredVerb<Options> {
  name: string;
  description: string;
  examples: readonly string[];
  notes?: string;
  act(found: { contracts: OpenedContracts; node: Address; status: NodeStatus; options: Options }): Promise<Sent>;
}

/** A verb that takes a node registered on chain and sends one transaction about it. */
export function registeredVerb<Options extends ChainOptions>(cli: Cli, verb: RegisteredVerb<Options>): Command {
  return contractVerb(verb.name, verb.description, verb.examples, verb.notes)
    .argument("<node>", "the address of the node's key")
    .action(async (text: string, _options: unknown, self: Command) => {
      const node = parseAddress(text, "<node>");
      const options = self.optsWithGlobals<Options>();
      const contracts = await openContracts(cli, options);
      const { chain, at, token } = contracts;
      const status = await nodeStatus(chain, at("nodes"), { node, token });
      if (status.provider === null) {
        throw new StoaError(
          "wrong_state",
          `the node ${node} is not registered on chain: its provider does that with stoa node register`,
        );
      }
      cli.terminal.waiting("sending");
      tellSent(cli, await verb.act({ contracts, node, status, options }));
    });
}
