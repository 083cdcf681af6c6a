import { type Address, type Hash, StoaError } from "@stoa/protocol";
import { encodeFunctionData, isHash, numberToHex, parseEventLogs, type TransactionReceipt } from "viem";
import { entryPoint08Abi, getUserOperationHash } from "viem/account-abstraction";
import type { ChainSender } from "../client/chain-sender.ts";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import type { Bundler } from "./bundler.ts";
import { estimateOperationGas, preVerificationGas } from "./estimate-operation-gas.ts";
import { type Operation, pack, parseOperation } from "./operation.ts";

export interface DirectBundlerOptions {
  /** Receives what the EntryPoint pays back; the sender's wallet by default. */
  beneficiary?: Address;
}

/** How many operations' transactions it remembers; of others it asks the chain. */
const REMEMBERED = 10_000;
const BLOCKS_ASKED = 2_000n;
/** A receipt is asked for again and again: each time it is waited for no longer. */
const RECEIPT_WAIT_MS = 1_000;

/**
 * Bundles by itself, each operation in a transaction of its own: for the local chain, and for a market that pays for
 * its users and wants nobody between. It takes only what succeeds when it is simulated and pays its gas back; it is no
 * public bundler, which would have to hold operations to ERC-7562.
 * @throws {StoaError} from `request`: `chain_rejected` with the EntryPoint's reason, `invalid_request`
 * @example
 * const bundler = directBundler(createSender(chain, bundlerKey));
 */
export function directBundler(sender: ChainSender, options: DirectBundlerOptions = {}): Bundler {
  const { beneficiary = sender.address } = options;
  const { chain } = sender;
  const transactions = new Map<Hash, Hash>();

  async function send(operation: Operation): Promise<Hash> {
    const operationHash = getUserOperationHash({
      chainId: chain.chainId,
      entryPointAddress: ENTRY_POINT_ADDRESS,
      entryPointVersion: "0.8",
      userOperation: operation,
    });
    await requirePay(sender, operation);
    const args = [[pack(operation)], beneficiary] as const;
    const txHash = await sender.send({
      doing: `bundling ${operationHash}`,
      to: ENTRY_POINT_ADDRESS,
      data: encodeFunctionData({ abi: entryPoint08Abi, functionName: "handleOps", args }),
      // The nonce in it makes it happen once; the hash is the same whoever brings it.
      occasion: operationHash,
      subjects: [operationHash],
      ...(operation.authorization ? { authorizations: [operation.authorization] } : {}),
    });
    if (transactions.size >= REMEMBERED) transactions.delete(transactions.keys().next().value as Hash);
    transactions.set(operationHash, txHash);
    return operationHash;
  }

  async function receiptOf(operationHash: Hash) {
    const doing = `bundling ${operationHash}`;
    const txHash = transactions.get(operationHash);
    try {
      // Whichever transaction carries it by now; another bundler's, or an earlier process's, when it is none of these.
      const receipt = txHash
        ? await sender.wait(txHash, { doing, timeoutMs: RECEIPT_WAIT_MS })
        : await findReceipt(chain, operationHash);
      return receipt === null ? null : describe(operationHash, receipt);
    } catch (cause) {
      const error = toChainError(cause, doing);
      if (error.code === "chain_unavailable" && txHash) return null;
      throw error;
    }
  }

  return {
    async request({ method, params }) {
      const [first, second] = (params ?? []) as readonly unknown[];
      switch (method) {
        case "eth_chainId":
          return numberToHex(chain.chainId);
        case "eth_supportedEntryPoints":
          return [ENTRY_POINT_ADDRESS];
        case "eth_estimateUserOperationGas":
          requireEntryPoint(second);
          return toHexes(await estimateOperationGas(chain, parseOperation(first)));
        case "eth_sendUserOperation":
          requireEntryPoint(second);
          return send(parseOperation(first));
        case "eth_getUserOperationReceipt":
          return receiptOf(parseHash(first));
        default:
          throw new StoaError("invalid_request", `a bundler has no method ${method}`);
      }
    },
  };
}

async function findReceipt({ client }: Chain, userOpHash: Hash): Promise<TransactionReceipt | null> {
  const head = await client.getBlockNumber();
  const fromBlock = head > BLOCKS_ASKED ? head - BLOCKS_ASKED : 0n;
  const event = { address: ENTRY_POINT_ADDRESS, abi: entryPoint08Abi, eventName: "UserOperationEvent" } as const;
  const [log] = await client.getContractEvents({ ...event, args: { userOpHash }, fromBlock });
  return log ? client.getTransactionReceipt({ hash: log.transactionHash }) : null;
}

/** @throws {StoaError} `chain_rejected` for an operation that would be bundled at a loss */
async function requirePay({ chain }: ChainSender, operation: Operation): Promise<void> {
  const { maxFeePerGas } = operation;
  const needed = preVerificationGas(operation);
  if (operation.preVerificationGas < needed) {
    const given = operation.preVerificationGas;
    throw new StoaError("chain_rejected", `an operation pays for ${given} gas of its bundling, it takes ${needed}`);
  }
  const { baseFeePerGas } = await chain.client.getBlock({ blockTag: "latest" }).catch((cause: unknown) => {
    throw toChainError(cause, "reading the base fee");
  });
  if (maxFeePerGas >= (baseFeePerGas ?? 0n)) return;
  throw new StoaError("chain_rejected", `an operation offers ${maxFeePerGas} wei a gas, a block asks ${baseFeePerGas}`);
}

function parseHash(given: unknown): Hash {
  if (typeof given === "string" && isHash(given)) return given;
  throw new StoaError("invalid_request", `that is no operation's hash: ${JSON.stringify(given)}`);
}

function requireEntryPoint(given: unknown): void {
  if (typeof given === "string" && given.toLowerCase() === ENTRY_POINT_ADDRESS.toLowerCase()) return;
  throw new StoaError("invalid_request", `this bundler serves ${ENTRY_POINT_ADDRESS}, not ${JSON.stringify(given)}`);
}

function toHexes(numbers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, numberToHex(value as bigint)]));
}

function describe(userOpHash: Hash, receipt: TransactionReceipt) {
  const logs = parseEventLogs({ abi: entryPoint08Abi, logs: receipt.logs });
  const isIts = ({ args }: (typeof logs)[number]) => "userOpHash" in args && args.userOpHash === userOpHash;
  const done = logs.find((log) => log.eventName === "UserOperationEvent" && isIts(log));
  if (done?.eventName !== "UserOperationEvent") return null;
  const failed = logs.find((log) => log.eventName === "UserOperationRevertReason" && isIts(log));
  const { sender, nonce, paymaster, success, actualGasCost, actualGasUsed } = done.args;
  return {
    userOpHash,
    entryPoint: ENTRY_POINT_ADDRESS,
    sender,
    nonce: numberToHex(nonce),
    paymaster,
    success,
    actualGasCost: numberToHex(actualGasCost),
    actualGasUsed: numberToHex(actualGasUsed),
    reason: failed?.eventName === "UserOperationRevertReason" ? failed.args.revertReason : null,
    receipt: { transactionHash: receipt.transactionHash },
  };
}
