// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Order nonces, cancellation and session keys
/// @notice Both cancellations wait the withdrawal delay, so that work already under way is still paid.
interface IOrders {
    event OrderCancelled(address indexed requester, uint256 indexed nonce, uint256 effectiveAt);
    event SessionRevoked(address indexed wallet, uint256 indexed nonce, uint256 effectiveAt);

    error NonceSpent(address requester, uint256 nonce);
    error NonceClaimed(address requester, uint256 nonce, bytes32 byOrder);
    error OrderIsCancelled(address requester, uint256 nonce, uint256 since);
    error SessionIsRevoked(address wallet, uint256 nonce, uint256 since);
    error SessionMismatch();
    error SessionExpiresFirst(uint64 expiresAt, uint64 settleBy);
    error SessionOrderLimit(uint256 maxPrice, uint256 maxPerOrder);
    error SessionTotalLimit(uint256 spent, uint256 charge, uint256 maxTotal);

    /// @notice Makes the caller's order with this nonce worthless once the withdrawal delay has passed.
    function cancelOrder(uint256 nonce) external;

    /// @notice Makes the caller's session key with this nonce worthless once the withdrawal delay has passed.
    function revokeSession(uint256 nonce) external;

    /// @notice Whether the requester's order with this nonce is settled. Nonces are unordered; 128 that differ only in
    /// their last seven bits share a word of storage, which makes using them together cheap.
    function isSpent(address requester, uint256 nonce) external view returns (bool);

    /// @notice The second from which the order's nonce is cancelled; 0 when it is not.
    function orderCancelledFrom(address requester, uint256 nonce) external view returns (uint256);

    /// @notice The second from which the session's nonce is revoked; 0 when it is not.
    function sessionRevokedFrom(address wallet, uint256 nonce) external view returns (uint256);

    /// @notice What was charged so far through the session key with this EIP-712 digest.
    function sessionSpent(bytes32 sessionHash) external view returns (uint256);
}
