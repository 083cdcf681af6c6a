// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IStakes} from "../interfaces/IStakes.sol";
import {NodeParameters} from "./NodeParameters.sol";

/// @title Stakes, and getting them back after a delay
abstract contract Stakes is IStakes, NodeParameters, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    struct Stake {
        uint256 active;
        uint256 unstaking;
        uint256 unlockAt;
    }

    /// @dev The vault's delay of withdrawals: a slash reaches a stake for as long as an order reaches a balance.
    uint64 private immutable UNSTAKE_DELAY;

    mapping(address provider => mapping(address node => mapping(address token => Stake))) private _stakes;

    constructor(uint64 unstakeDelay) {
        UNSTAKE_DELAY = unstakeDelay;
    }

    /// @inheritdoc IStakes
    function stake(address node, address token, uint256 amount) external nonReentrant whenNotPaused {
        if (node == address(0)) revert ZeroAddress();
        uint256 received = _pull(token, amount);
        _stakes[msg.sender][node][token].active += received;
        emit Staked(msg.sender, node, token, received);
    }

    /// @inheritdoc IStakes
    function requestUnstake(address node, address token, uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        Stake storage held = _stakes[msg.sender][node][token];
        if (held.active < amount) revert InsufficientStake(held.active, amount);
        held.active -= amount;
        held.unstaking += amount;
        held.unlockAt = block.timestamp + UNSTAKE_DELAY;
        emit UnstakeRequested(msg.sender, node, token, amount, held.unlockAt);
    }

    /// @inheritdoc IStakes
    function completeUnstake(address provider, address node, address token) external nonReentrant {
        Stake storage held = _stakes[provider][node][token];
        uint256 amount = held.unstaking;
        if (amount == 0) revert NothingUnstaking(provider, node, token);
        if (block.timestamp < held.unlockAt) revert StillLocked(held.unlockAt, block.timestamp);
        held.unstaking = 0;
        emit UnstakeCompleted(provider, node, token, amount);
        IERC20(token).safeTransfer(provider, amount);
    }

    /// @inheritdoc IStakes
    function stakeOf(address provider, address node, address token)
        public
        view
        returns (uint256 staked, uint256 unstaking, uint256 unlockAt)
    {
        Stake storage held = _stakes[provider][node][token];
        return (held.active, held.unstaking, held.unlockAt);
    }

    /// @dev Reaches what waits to be unstaked, after what is staked.
    function _takeStake(address provider, address node, address token, uint256 damages)
        internal
        returns (uint256 taken)
    {
        Stake storage held = _stakes[provider][node][token];
        uint256 fromActive = Math.min(held.active, damages);
        uint256 fromUnstaking = Math.min(held.unstaking, damages - fromActive);
        held.active -= fromActive;
        held.unstaking -= fromUnstaking;
        return fromActive + fromUnstaking;
    }

    /// @dev Pulls tokens from the caller and returns what arrived: a token may take a fee of its own.
    function _pull(address token, uint256 amount) internal returns (uint256 received) {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        received = IERC20(token).balanceOf(address(this)) - before;
        if (received == 0) revert ZeroAmount();
    }
}
