// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOrders} from "../interfaces/IOrders.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {VaultParameters} from "./VaultParameters.sol";

/// @title Unordered nonces and the limits of session keys
abstract contract Orders is IOrders, VaultParameters {
    mapping(address requester => mapping(uint256 nonce => bytes32 orderHash)) private _nonceOrder;
    mapping(address requester => mapping(uint256 nonce => uint256)) private _cancelledFrom;
    mapping(address wallet => mapping(uint256 nonce => uint256)) private _revokedFrom;
    mapping(bytes32 sessionHash => uint256) private _spent;

    /// @inheritdoc IOrders
    function cancelOrder(uint256 nonce) external {
        if (_cancelledFrom[msg.sender][nonce] != 0) return;
        uint256 effectiveAt = block.timestamp + WITHDRAW_DELAY;
        _cancelledFrom[msg.sender][nonce] = effectiveAt;
        emit OrderCancelled(msg.sender, nonce, effectiveAt);
    }

    /// @inheritdoc IOrders
    function revokeSession(uint256 nonce) external {
        if (_revokedFrom[msg.sender][nonce] != 0) return;
        uint256 effectiveAt = block.timestamp + WITHDRAW_DELAY;
        _revokedFrom[msg.sender][nonce] = effectiveAt;
        emit SessionRevoked(msg.sender, nonce, effectiveAt);
    }

    /// @inheritdoc IOrders
    function orderCancelledFrom(address requester, uint256 nonce) external view returns (uint256) {
        return _cancelledFrom[requester][nonce];
    }

    /// @inheritdoc IOrders
    function sessionRevokedFrom(address wallet, uint256 nonce) external view returns (uint256) {
        return _revokedFrom[wallet][nonce];
    }

    /// @inheritdoc IOrders
    function sessionSpent(bytes32 sessionHash) external view returns (uint256) {
        return _spent[sessionHash];
    }

    /// @dev Binds the nonce to the order for good: no other order with it can ever be owed for.
    function _useNonce(TypedData.Order calldata order, bytes32 orderHash) internal {
        bytes32 user = _nonceOrder[order.requester][order.nonce];
        if (user != 0 && user != orderHash) revert NonceUsed(order.requester, order.nonce, user);
        uint256 since = _cancelledFrom[order.requester][order.nonce];
        if (since != 0 && block.timestamp >= since) revert OrderIsCancelled(order.requester, order.nonce, since);
        _nonceOrder[order.requester][order.nonce] = orderHash;
    }

    /// @dev The order must settle before the key expires: a key that leaks after its expiry can date nothing back.
    function _checkSession(TypedData.SessionKey calldata session, TypedData.Order calldata order) internal view {
        if (session.wallet != order.requester || session.token != order.token) revert SessionMismatch();
        if (order.settleBy > session.expiresAt) revert SessionExpiresFirst(session.expiresAt, order.settleBy);
        if (order.maxPrice > session.maxPerOrder) revert SessionOrderLimit(order.maxPrice, session.maxPerOrder);
        uint256 since = _revokedFrom[session.wallet][session.nonce];
        if (since != 0 && block.timestamp >= since) revert SessionIsRevoked(session.wallet, session.nonce, since);
    }

    function _spend(bytes32 sessionHash, uint256 maxTotal, uint256 charge) internal {
        uint256 spent = _spent[sessionHash];
        if (charge > maxTotal || spent > maxTotal - charge) revert SessionTotalLimit(spent, charge, maxTotal);
        unchecked {
            _spent[sessionHash] = spent + charge;
        }
    }

    function _unspend(bytes32 sessionHash, uint256 charge) internal {
        _spent[sessionHash] -= charge;
    }
}
