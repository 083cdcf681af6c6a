// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Stakes
/// @notice What a provider stands to lose for one of its nodes. A stake comes from the provider's wallet, never from
/// its account in the vault: an account's money may be promised to open orders.
interface IStakes {
    event Staked(address indexed provider, address indexed node, address indexed token, uint256 amount);
    event UnstakeRequested(
        address indexed provider, address indexed node, address indexed token, uint256 amount, uint256 unlockAt
    );
    event UnstakeCompleted(address indexed provider, address indexed node, address indexed token, uint256 amount);

    error ZeroAddress();
    error ZeroAmount();
    error InsufficientStake(uint256 available, uint256 needed);
    error NothingUnstaking(address provider, address node, address token);
    error StillLocked(uint256 unlockAt, uint256 nowAt);

    /// @notice Stakes `amount` of `token` from the caller's wallet for `node`, registered or not. Not while paused.
    function stake(address node, address token, uint256 amount) external;

    /// @notice Starts taking `amount` back. A further request adds to what waits and starts the delay anew.
    function requestUnstake(address node, address token, uint256 amount) external;

    /// @notice Pays out to `provider`'s wallet what waited its delay; anyone may call it.
    function completeUnstake(address provider, address node, address token) external;

    /// @notice What is staked, what of it waits to be taken back, and the second from which it can be.
    function stakeOf(address provider, address node, address token)
        external
        view
        returns (uint256 staked, uint256 unstaking, uint256 unlockAt);
}
