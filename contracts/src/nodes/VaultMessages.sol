// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {VaultDomain} from "../libraries/VaultDomain.sol";

/// @title The messages of the vault that made a contract
/// @dev They are signed under the vault's domain, this contract has none of its own: whoever signs for one market
/// signs for no other.
abstract contract VaultMessages {
    address internal immutable VAULT;

    constructor(address vault_) {
        VAULT = vault_;
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(VaultDomain.separatorOf(VAULT), structHash);
    }
}
