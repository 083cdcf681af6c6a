// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICredits} from "../interfaces/ICredits.sol";

/// @title What is due to whom, and the one way tokens come in and out
abstract contract Credits is ICredits, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    mapping(address owner => mapping(address token => uint256)) private _due;

    /// @inheritdoc ICredits
    function withdraw(address owner, address token) external nonReentrant {
        uint256 amount = _due[owner][token];
        if (amount == 0) revert NothingDue(owner, token);
        _due[owner][token] = 0;
        emit Withdrawn(owner, token, amount);
        IERC20(token).safeTransfer(owner, amount);
    }

    /// @inheritdoc ICredits
    function dueTo(address owner, address token) external view returns (uint256) {
        return _due[owner][token];
    }

    function _credit(address owner, address token, uint256 amount) internal {
        if (amount != 0) _due[owner][token] += amount;
    }

    /// @dev Pulls tokens from `from` and returns what arrived: a token may take a fee of its own.
    function _pull(address from, address token, uint256 amount) internal returns (uint256 received) {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - before;
        if (received == 0) revert ZeroAmount();
    }
}
