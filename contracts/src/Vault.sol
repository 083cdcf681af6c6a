// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "./governance/Governed.sol";
import {IVault} from "./interfaces/IVault.sol";
import {Awards} from "./vault/Awards.sol";
import {FailedAwards} from "./vault/FailedAwards.sol";
import {PostedClaims} from "./vault/PostedClaims.sol";
import {Settlements} from "./vault/Settlements.sol";
import {VaultParameters} from "./vault/VaultParameters.sol";

/// @title The market's vault, one per operator
contract Vault is IVault, Settlements, FailedAwards {
    /// @param authority The AccessManager that says who may stop deposits, and that governs the vault's contract of
    /// nodes; it reaches nothing else.
    /// @param claimBatches_ The contract whose batches of claims it pays.
    constructor(address authority, Parameters memory given, address claimBatches_)
        VaultParameters(given)
        Governed(authority)
        Awards(given)
        PostedClaims(claimBatches_)
        FailedAwards(authority, given)
    {}
}
