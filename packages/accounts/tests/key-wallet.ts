import { createRequire } from "node:module";
import type { Hex } from "viem";

const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };

/** A contract that is a wallet: its signatures are those of the key it was made for (ERC-1271). */
const SOURCE = `
// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

contract KeyWallet {
    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 65) return 0xffffffff;
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        address signer = ecrecover(hash, uint8(signature[64]), r, s);
        return signer != address(0) && signer == OWNER ? this.isValidSignature.selector : bytes4(0xffffffff);
    }
}
`;

/** The bytecode of the contract, before its constructor's argument. */
export function keyWalletBytecode(): Hex {
  const input = {
    language: "Solidity",
    sources: { "KeyWallet.sol": { content: SOURCE } },
    settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
    contracts: { "KeyWallet.sol": { KeyWallet: { evm: { bytecode: { object: string } } } } };
  };
  return `0x${output.contracts["KeyWallet.sol"].KeyWallet.evm.bytecode.object}`;
}
