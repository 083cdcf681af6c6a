import { connectChain, createSender, fileJournal, type SenderJournal } from "@stoa/chain";
import type { Address, Hash } from "@stoa/protocol";
import { privateKeyToAccount } from "viem/accounts";

/**
 * Pays one wei and waits for its block, as a process of its own that can be made to die at a point of the way. Prints
 * the transaction that stands in a block.
 */
interface Plan {
  rpcUrl: string;
  key: Hash;
  file: string;
  to: Address;
  occasion?: string;
  stuckAfterMs?: number;
  maxReplacements?: number;
  dieAt: string | null;
}

const plan = JSON.parse(process.argv[2] ?? "") as Plan;

function dieAt(point: string): void {
  if (plan.dieAt === point) process.kill(process.pid, "SIGKILL");
}

function dying(journal: SenderJournal): SenderJournal {
  return {
    ...journal,
    async begin(intent) {
      dieAt("signed");
      const answer = await journal.begin(intent);
      dieAt("recorded");
      return answer;
    },
    async add(id, known, transaction) {
      dieAt("replacement signed");
      const answer = await journal.add(id, known, transaction);
      dieAt("replacement recorded");
      return answer;
    },
    async settle(id, known, outcome) {
      dieAt("mined");
      await journal.settle(id, known, outcome);
      dieAt("settled");
    },
  };
}

const { fetch } = globalThis;
let sends = 0;
globalThis.fetch = async (input, init) => {
  if (typeof init?.body !== "string" || !init.body.includes("eth_sendRawTransaction")) return fetch(input, init);
  sends += 1;
  dieAt(`send ${sends} starts`);
  const response = await fetch(input, init);
  dieAt(`send ${sends} arrived`);
  return response;
};

const chain = await connectChain({ rpcUrl: plan.rpcUrl });
const sender = createSender(chain, privateKeyToAccount(plan.key), {
  journal: dying(fileJournal(plan.file)),
  ...(plan.stuckAfterMs === undefined ? {} : { stuckAfterMs: plan.stuckAfterMs }),
  ...(plan.maxReplacements === undefined ? {} : { maxReplacements: plan.maxReplacements }),
});
const txHash = await sender.send({
  doing: "paying a wei",
  to: plan.to,
  data: "0x",
  value: 1n,
  ...(plan.occasion === undefined ? {} : { occasion: plan.occasion }),
});
dieAt("sent");
process.stdout.write("sent\n");
const { transactionHash } = await sender.wait(txHash, { pollMs: 20 });
process.stdout.write(`${transactionHash}\n`);
