// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What a settlement costs is measured (BatchGas): the list of what it paid is hashed where it stands.
// solhint-disable no-inline-assembly

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
        bytes32 listHash;
        // What `arePaid` hashes, where it stands: packing it anew would copy word by word.
        assembly ("memory-safe") {
            listHash := keccak256(add(awards, 0x20), shl(5, mload(awards)))
        }
        _paid[listHash] = true;
    }

    /// @dev Whether the order can still become owed for, by these messages.
    function _checkOpen(Settlement calldata item, IEvidence.Terms memory terms) internal view {
        _checkNonce(item.order, terms.orderHash);
        if (block.timestamp > item.order.settleBy) revert SettleByPassed(item.order.settleBy, block.timestamp);
        if (_voided[terms.awardHash]) revert AwardVoided(terms.awardHash);
        if (terms.sessionHash != 0) _checkUnrevoked(item.session);
    }
}
