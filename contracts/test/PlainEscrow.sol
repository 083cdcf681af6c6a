// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IEscrowFunding} from "../src/interfaces/IEscrowFunding.sol";

/// @title The least that keeps money under terms until its requester releases it
contract PlainEscrow is IEscrowFunding {
    using SafeERC20 for IERC20;

    Terms[] private _escrows;
    mapping(uint256 escrowId => bool) private _released;
    bool private _refuses;
    uint256 private _keeps;

    error Refused();

    /// @dev As an escrow that is paused, or does not take the terms.
    function refuse(bool refuses) external {
        _refuses = refuses;
    }

    /// @dev As an escrow that takes less than it is given.
    function keepBack(uint256 amount) external {
        _keeps = amount;
    }

    function fund(Terms calldata terms) external returns (uint256 escrowId) {
        if (_refuses) revert Refused();
        escrowId = _escrows.length;
        _escrows.push(terms);
        IERC20(terms.token).safeTransferFrom(msg.sender, address(this), terms.amount - _keeps);
    }

    function release(uint256 escrowId) external {
        Terms storage terms = _escrows[escrowId];
        if (msg.sender != terms.requester || _released[escrowId]) revert Refused();
        _released[escrowId] = true;
        IERC20(terms.token).safeTransfer(terms.provider, terms.amount);
    }

    function termsOf(uint256 escrowId) external view returns (Terms memory) {
        return _escrows[escrowId];
    }

    function count() external view returns (uint256) {
        return _escrows.length;
    }
}
