import type { Address } from "@stoa/protocol";
import { type Hex, numberToHex } from "viem";
import { formatUserOperationRequest } from "viem/account-abstraction";
import { toChainError } from "../client/to-chain-error.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import type { Bundler } from "./bundler.ts";
import type { Operation } from "./operation.ts";
import type { Sponsor } from "./sponsor.ts";

interface PaymasterData {
  paymaster: Address;
  paymasterData: Hex;
  paymasterVerificationGasLimit?: Hex;
  paymasterPostOpGasLimit?: Hex;
}

/**
 * A sponsor elsewhere, by ERC-7677's two methods: a market's server, or a service that many bundlers have beside theirs.
 * @example
 * const sponsor = rpcSponsor(chainId, client.gasless);
 */
export function rpcSponsor(chainId: number, service: Bundler): Sponsor {
  const ask = async (method: string, operation: Operation): Promise<PaymasterData> => {
    const params = [formatUserOperationRequest(operation), ENTRY_POINT_ADDRESS, numberToHex(chainId), {}];
    const answer = await service.request({ method, params }).catch((cause: unknown) => {
      throw toChainError(cause, "asking the sponsor");
    });
    return answer as PaymasterData;
  };
  return {
    async stub(operation) {
      const { paymaster, paymasterData } = await ask("pm_getPaymasterStubData", operation);
      return { paymaster, paymasterData };
    },
    async sponsor(operation) {
      const given = await ask("pm_getPaymasterData", operation);
      const { paymasterVerificationGasLimit = 0n, paymasterPostOpGasLimit = 0n } = operation;
      return {
        paymaster: given.paymaster,
        paymasterData: given.paymasterData,
        // What it leaves out is as it was estimated.
        paymasterVerificationGasLimit: BigInt(given.paymasterVerificationGasLimit ?? paymasterVerificationGasLimit),
        paymasterPostOpGasLimit: BigInt(given.paymasterPostOpGasLimit ?? paymasterPostOpGasLimit),
      };
    },
  };
}
