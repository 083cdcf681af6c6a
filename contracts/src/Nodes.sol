// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "./governance/Governed.sol";
import {INodes} from "./interfaces/INodes.sol";
import {IVaultParameters} from "./interfaces/IVaultParameters.sol";
import {FailedAwardSlashes} from "./nodes/FailedAwardSlashes.sol";
import {Slashes} from "./nodes/Slashes.sol";
import {Stakes} from "./nodes/Stakes.sol";
import {VaultMessages} from "./nodes/VaultMessages.sol";

/// @title The nodes of one vault's market; made by that vault
contract Nodes is INodes, Slashes {
    /// @param slashWindow Seconds after an order's `settleBy` in which an award of it can still be slashed.
    constructor(address authority, IVaultParameters.Parameters memory given, uint64 slashWindow)
        Governed(authority)
        VaultMessages(msg.sender)
        Stakes(given.withdrawDelay)
        FailedAwardSlashes(given.operator, slashWindow)
        Slashes(given.faultPool)
    {}

    /// @inheritdoc INodes
    function vault() external view returns (address) {
        return VAULT;
    }
}
