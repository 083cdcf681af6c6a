// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Deposits and withdrawals
/// @notice An account is an (owner, token) pair. Its balance falls only by a settlement, a claim's lock, a
/// challenge's bond, or a withdrawal that waited its delay; so an order that settles within the delay is covered.
interface IAccounts {
    event Deposited(address indexed owner, address indexed token, uint256 amount);
    event WithdrawalRequested(address indexed owner, address indexed token, uint256 amount, uint256 unlockAt);
    event WithdrawalCancelled(address indexed owner, address indexed token, uint256 amount);
    event WithdrawalCompleted(address indexed owner, address indexed token, uint256 amount);
    /// @notice A settlement or claim took `amount` from what waited to be withdrawn.
    event WithdrawalReduced(address indexed owner, address indexed token, uint256 amount);

    error ZeroAmount();
    error InsufficientBalance(address owner, address token, uint256 available, uint256 needed);
    error NothingPending(address owner, address token);
    error StillLocked(uint256 unlockAt, uint256 nowAt);

    /// @notice Moves `amount` of `token` from the caller's wallet to its account.
    function deposit(address token, uint256 amount) external;

    /// @notice Moves `amount` of `token` from the caller's wallet to `owner`'s account.
    function depositFor(address owner, address token, uint256 amount) external;

    /// @notice Deposits from `owner`'s wallet by its EIP-3009 signature; anyone may submit it and pay the gas.
    function depositWithAuthorization(
        address owner,
        address token,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Starts withdrawing `amount`. A further request adds to what waits and starts the delay anew.
    function requestWithdrawal(address token, uint256 amount) external;

    /// @notice Puts what waits back on the caller's balance.
    function cancelWithdrawal(address token) external;

    /// @notice Pays out to `owner`'s wallet what waited its delay; anyone may call it.
    function completeWithdrawal(address owner, address token) external;

    /// @notice What `owner` can spend or ask to withdraw.
    function balanceOf(address owner, address token) external view returns (uint256);

    /// @notice What waits to be withdrawn, and the second from which it can be.
    function pendingWithdrawal(address owner, address token) external view returns (uint256 amount, uint256 unlockAt);
}
