// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @title The messages of the vault whose stakes these are
/// @dev They are signed under the vault's domain, this contract has none of its own: whoever signs for one market
/// signs for no other. The domain is computed anew each time, for a fork has another chain id.
abstract contract VaultMessages {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME_HASH = keccak256("Stoa");
    bytes32 private constant VERSION_HASH = keccak256("1");

    address internal immutable VAULT;

    constructor(address vault_) {
        VAULT = vault_;
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH, block.chainid, VAULT));
        return MessageHashUtils.toTypedDataHash(domain, structHash);
    }
}
