// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Rewards
/// @notice What providers earned by governance's word, reporters by a proven conflict, and the fault pool by what a
/// conflict took: kept for each until it is taken out.
interface IRewards {
    event RewardCredited(address indexed node, address indexed provider, address indexed token, uint256 amount);
    event RewardsClaimed(address indexed account, address indexed token, uint256 amount);

    error NothingToClaim(address account, address token);

    /// @notice Moves `amount` of `token` from the caller's wallet to the rewards of the node's provider. For whoever
    /// holds the role.
    function reward(address node, address token, uint256 amount) external;

    /// @notice Pays an account's rewards out to its wallet; anyone may call it.
    function claimRewards(address account, address token) external;

    /// @notice What an account can take out.
    function rewardsOf(address account, address token) external view returns (uint256);
}
