// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOrders} from "../interfaces/IOrders.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {VaultParameters} from "./VaultParameters.sol";

/// @title Unordered nonces and the limits of session keys
abstract contract Orders is IOrders, VaultParameters {
    struct NonceWord {
        uint256 bits;
    }

    uint256 private constant WORD_BITS = 7;
    uint256 private constant WORD_MASK = (1 << WORD_BITS) - 1;
    uint256 internal constant SPENT = 1;
    uint256 internal constant MARKED = 1 << 128;

    /// @dev One word for 128 of a requester's nonces. The low half says which are spent, the high half which are marked:
    /// something of theirs stands elsewhere, a claim, a cancellation or a voided award.
    mapping(address requester => mapping(uint256 word => NonceWord)) private _nonces;
    mapping(address requester => mapping(uint256 nonce => bytes32 orderHash)) private _claimedBy;
    mapping(address requester => mapping(uint256 nonce => uint256)) private _cancelledFrom;
    mapping(address wallet => mapping(uint256 nonce => uint256)) private _revokedFrom;
    mapping(bytes32 sessionHash => uint256) private _spent;

    /// @inheritdoc IOrders
    function cancelOrder(uint256 nonce) external {
        if (_cancelledFrom[msg.sender][nonce] != 0) return;
        uint256 effectiveAt = block.timestamp + WITHDRAW_DELAY;
        _cancelledFrom[msg.sender][nonce] = effectiveAt;
        _mark(msg.sender, nonce);
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

    /// @inheritdoc IOrders
    function isSpent(address requester, uint256 nonce) external view returns (bool spent) {
        (spent,) = _nonceState(requester, nonce);
    }

    function _nonceState(address requester, uint256 nonce) internal view returns (bool spent, bool marked) {
        uint256 bits = _nonces[requester][nonce >> WORD_BITS].bits >> (nonce & WORD_MASK);
        return (bits & SPENT != 0, bits & MARKED != 0);
    }

    function _checkUnspent(address requester, uint256 nonce) internal view returns (bool marked) {
        bool spent;
        (spent, marked) = _nonceState(requester, nonce);
        if (spent) revert NonceSpent(requester, nonce);
    }

    /// @dev Spends the nonce unless it is spent or marked; what of the two it is, none when it was neither.
    function _spendPlain(address requester, uint256 nonce) internal returns (uint256 before) {
        NonceWord storage word = _nonces[requester][nonce >> WORD_BITS];
        uint256 bits = word.bits;
        uint256 shift = nonce & WORD_MASK;
        before = (bits >> shift) & (SPENT | MARKED);
        if (before == 0) word.bits = bits | (SPENT << shift);
    }

    function _spendNonce(address requester, uint256 nonce) internal {
        _nonces[requester][nonce >> WORD_BITS].bits |= SPENT << (nonce & WORD_MASK);
    }

    function _mark(address requester, uint256 nonce) internal {
        _nonces[requester][nonce >> WORD_BITS].bits |= MARKED << (nonce & WORD_MASK);
    }

    /// @dev Whether the order's nonce can still make it owed for: it is not spent, not claimed by another order, and not
    /// cancelled.
    function _checkNonce(TypedData.Order calldata order, bytes32 orderHash) internal view {
        if (!_checkUnspent(order.requester, order.nonce)) return;
        bytes32 claimer = _claimedBy[order.requester][order.nonce];
        if (claimer != 0 && claimer != orderHash) revert NonceClaimed(order.requester, order.nonce, claimer);
        uint256 since = _cancelledFrom[order.requester][order.nonce];
        if (since != 0 && block.timestamp >= since) revert OrderIsCancelled(order.requester, order.nonce, since);
    }

    /// @dev Whether the marked nonce bars an order that was claimed at an instant: another claim has it, or it was
    /// cancelled by then.
    function _isBarred(address requester, uint256 nonce, uint256 claimedAt, bool givesWay)
        internal
        view
        returns (bool)
    {
        if (!givesWay && _claimedBy[requester][nonce] != 0) return true;
        uint256 since = _cancelledFrom[requester][nonce];
        return since != 0 && claimedAt >= since;
    }

    /// @dev Binds the nonce to the claimed order for good: no other order with it can ever be owed for.
    function _bindNonce(address requester, uint256 nonce, bytes32 orderHash) internal {
        _claimedBy[requester][nonce] = orderHash;
        _mark(requester, nonce);
    }

    function _checkUnrevoked(TypedData.SessionKey calldata session) internal view {
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
