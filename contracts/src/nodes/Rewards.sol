// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IRewards} from "../interfaces/IRewards.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

/// @title What can be claimed beside stakes
abstract contract Rewards is IRewards, NodeRegistry {
    using SafeERC20 for IERC20;

    mapping(address account => mapping(address token => uint256)) private _rewards;

    /// @inheritdoc IRewards
    function reward(address node, address token, uint256 amount) external restricted nonReentrant {
        address provider = _providerOf(node);
        uint256 received = _pull(token, amount);
        _creditReward(provider, token, received);
        emit RewardCredited(node, provider, token, received);
    }

    /// @inheritdoc IRewards
    function claimRewards(address account, address token) external nonReentrant {
        uint256 amount = _rewards[account][token];
        if (amount == 0) revert NothingToClaim(account, token);
        _rewards[account][token] = 0;
        emit RewardsClaimed(account, token, amount);
        IERC20(token).safeTransfer(account, amount);
    }

    /// @inheritdoc IRewards
    function rewardsOf(address account, address token) external view returns (uint256) {
        return _rewards[account][token];
    }

    function _creditReward(address account, address token, uint256 amount) internal virtual {
        _rewards[account][token] += amount;
    }
}
