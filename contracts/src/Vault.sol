// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVault} from "./interfaces/IVault.sol";
import {FailedAwards} from "./vault/FailedAwards.sol";
import {Settlements} from "./vault/Settlements.sol";
import {VaultParameters} from "./vault/VaultParameters.sol";

/// @title The market's vault, one per operator
contract Vault is IVault, Settlements, FailedAwards {
    /// @param authority The AccessManager that governs the vault's contract of stakes.
    constructor(address authority, Parameters memory given)
        VaultParameters(given)
        FailedAwards(authority, given)
    {}
}
