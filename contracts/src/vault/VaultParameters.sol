// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVaultParameters} from "../interfaces/IVaultParameters.sol";

/// @title The vault's immutable parameters
abstract contract VaultParameters is IVaultParameters {
    /// @inheritdoc IVaultParameters
    uint16 public constant MAX_FEE_BPS = 1_000;

    uint256 internal constant BPS = 10_000;

    address internal immutable OPERATOR;
    address internal immutable ARBITER;
    address internal immutable FEE_RECIPIENT;
    address internal immutable FAULT_POOL;
    uint16 internal immutable FEE_BPS;
    uint16 internal immutable CHALLENGE_BOND_BPS;
    uint64 internal immutable WITHDRAW_DELAY;
    uint64 internal immutable CHALLENGE_WINDOW;

    constructor(Parameters memory given) {
        if (
            given.operator == address(0) || given.arbiter == address(0) || given.feeRecipient == address(0)
                || given.faultPool == address(0)
        ) revert ZeroAddress();
        if (given.feeBps > MAX_FEE_BPS) revert FeeOverMaximum(given.feeBps, MAX_FEE_BPS);
        if (given.challengeBondBps > BPS) revert BondOverCharge(given.challengeBondBps);
        if (given.challengeWindow >= given.withdrawDelay) {
            revert WindowOverDelay(given.challengeWindow, given.withdrawDelay);
        }
        OPERATOR = given.operator;
        ARBITER = given.arbiter;
        FEE_RECIPIENT = given.feeRecipient;
        FAULT_POOL = given.faultPool;
        FEE_BPS = given.feeBps;
        CHALLENGE_BOND_BPS = given.challengeBondBps;
        WITHDRAW_DELAY = given.withdrawDelay;
        CHALLENGE_WINDOW = given.challengeWindow;
    }

    /// @inheritdoc IVaultParameters
    function parameters() external view returns (Parameters memory) {
        return Parameters({
            operator: OPERATOR,
            arbiter: ARBITER,
            feeRecipient: FEE_RECIPIENT,
            faultPool: FAULT_POOL,
            feeBps: FEE_BPS,
            challengeBondBps: CHALLENGE_BOND_BPS,
            withdrawDelay: WITHDRAW_DELAY,
            challengeWindow: CHALLENGE_WINDOW
        });
    }
}
