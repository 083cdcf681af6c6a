// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../governance/Governed.sol";
import {IEscrowParameters} from "../interfaces/IEscrowParameters.sol";

/// @title What governance sets for escrows to come, within bounds it cannot move
abstract contract EscrowParameters is IEscrowParameters, Governed {
    uint256 internal constant BPS = 10_000;

    /// @inheritdoc IEscrowParameters
    uint16 public constant MAX_FEE_BPS = 1_000;
    /// @inheritdoc IEscrowParameters
    uint16 public constant MAX_DAMAGES_BPS = 5_000;
    /// @inheritdoc IEscrowParameters
    uint64 public constant MAX_MIN_APPROVAL_WINDOW = 7 days;

    Parameters internal _set;

    constructor(address authority, Parameters memory given) Governed(authority) {
        _setParameters(given);
    }

    /// @inheritdoc IEscrowParameters
    function setParameters(Parameters calldata given) external restricted {
        _setParameters(given);
    }

    /// @inheritdoc IEscrowParameters
    function parameters() external view returns (Parameters memory) {
        return _set;
    }

    function _setParameters(Parameters memory given) private {
        if (given.court == address(0) || given.feeRecipient == address(0)) revert ZeroAddress();
        if (given.feeBps > MAX_FEE_BPS) revert FeeOverMaximum(given.feeBps, MAX_FEE_BPS);
        if (given.damagesBps > MAX_DAMAGES_BPS) revert DamagesOverMaximum(given.damagesBps, MAX_DAMAGES_BPS);
        if (given.minApprovalWindow > MAX_MIN_APPROVAL_WINDOW) {
            revert WindowOverMaximum(given.minApprovalWindow, MAX_MIN_APPROVAL_WINDOW);
        }
        _set = given;
        emit ParametersSet(given);
    }
}
