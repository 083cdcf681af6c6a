// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The EIP-712 domain of a vault, for itself and for the contracts that read what was signed to it
library VaultDomain {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    string internal constant NAME = "Stoa";
    string internal constant VERSION = "1";

    /// @dev Computed anew each time, for a fork has another chain id.
    function separatorOf(address vault) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(NAME)), keccak256(bytes(VERSION)), block.chainid, vault));
    }
}
