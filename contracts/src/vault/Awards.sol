// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEvidence} from "../interfaces/IEvidence.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {Evidence} from "./Evidence.sol";
import {Orders} from "./Orders.sol";
import {Signatures} from "./Signatures.sol";

/// @title Which awards are owed for, were paid, and pay no more
abstract contract Awards is ISettlements, Orders, Signatures {
    IEvidence internal immutable EVIDENCE;

    mapping(bytes32 listHash => bool) private _paid;
    mapping(bytes32 awardHash => bool) internal _voided;

    constructor(Parameters memory given) {
        EVIDENCE = new Evidence(given.operator, given.feeBps);
    }

    /// @inheritdoc ISettlements
    function arePaid(bytes32[] calldata awards) external view returns (bool) {
        return _paid[keccak256(abi.encodePacked(awards))];
    }

    /// @inheritdoc ISettlements
    function voided(bytes32 awardHash) external view returns (bool) {
        return _voided[awardHash];
    }

    /// @inheritdoc ISettlements
    function evidence() external view returns (address) {
        return address(EVIDENCE);
    }

    /// @dev Whoever shows the list again can show that an award was paid: one slot for a whole batch.
    function _recordPaid(bytes32[] memory awards) internal {
        _paid[keccak256(abi.encodePacked(awards))] = true;
    }

    /// @dev Whether the order can still become owed for, by these messages.
    function _checkOpen(Settlement calldata item, IEvidence.Terms memory terms) internal view {
        _checkNonce(item.order, terms.orderHash);
        if (block.timestamp > item.order.settleBy) revert SettleByPassed(item.order.settleBy, block.timestamp);
        if (_voided[terms.awardHash]) revert AwardVoided(terms.awardHash);
        if (terms.sessionHash != 0) _checkUnrevoked(item.session);
    }
}
