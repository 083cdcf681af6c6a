// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "../interfaces/ISettlements.sol";
import {Bids} from "../libraries/Bids.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Orders} from "./Orders.sol";
import {Signatures} from "./Signatures.sol";

/// @title What makes an order owed for
abstract contract Evidence is ISettlements, Orders, Signatures {
    /// @dev What follows from a settlement's messages.
    struct Terms {
        bytes32 orderHash;
        bytes32 awardHash;
        /// @dev Zero when the wallet signed the order itself.
        bytes32 sessionHash;
        uint256 payment;
        uint256 fee;
    }

    mapping(bytes32 listHash => bool) private _paid;
    mapping(bytes32 awardHash => bool) internal _voided;

    /// @inheritdoc ISettlements
    function arePaid(bytes32[] calldata awards) external view returns (bool) {
        return _paid[keccak256(abi.encodePacked(awards))];
    }

    /// @inheritdoc ISettlements
    function voided(bytes32 awardHash) external view returns (bool) {
        return _voided[awardHash];
    }

    /// @dev The settlement's hashes and amounts; reverts where its messages contradict each other or a bound.
    function _terms(Settlement calldata item) internal view returns (Terms memory terms) {
        TypedData.Order calldata order = item.order;
        TypedData.Award calldata award = item.award;
        terms.orderHash = _hashTypedDataV4(TypedData.hashOrder(order));
        terms.awardHash = _hashTypedDataV4(TypedData.hashAward(award));
        if (item.sessionSignature.length != 0) {
            terms.sessionHash = _hashTypedDataV4(TypedData.hashSessionKey(item.session));
        }
        Bids.checkParties(OPERATOR, terms.orderHash, order, award, item.sheet);
        terms.payment = Bids.payment(award, item.ask);
        if (award.royalty > order.royaltyCap) revert RoyaltyOverCap(award.royalty, order.royaltyCap);
        if (FEE_BPS > order.feeCapBps) revert FeeOverCap(FEE_BPS, order.feeCapBps);
        terms.fee = _feeOf(award.price);
        uint256 charge = award.price + terms.fee;
        if (item.charge != charge) revert WrongCharge(charge, item.charge);
        if (charge > order.maxPrice) revert ChargeOverMaximum(charge, order.maxPrice);
    }

    function _feeOf(uint256 price) internal view returns (uint256) {
        return price * FEE_BPS / BPS;
    }

    /// @dev Whoever shows the list again can show that an award was paid: one slot for a whole batch.
    function _recordPaid(bytes32[] memory awards) internal {
        _paid[keccak256(abi.encodePacked(awards))] = true;
    }

    /// @dev Whether the order can still become owed for, by these messages.
    function _checkOpen(Settlement calldata item, Terms memory terms) internal view {
        _checkNonce(item.order, terms.orderHash);
        if (block.timestamp > item.order.settleBy) revert SettleByPassed(item.order.settleBy, block.timestamp);
        if (_voided[terms.awardHash]) revert AwardVoided(terms.awardHash);
    }

    /// @dev Every signature but the acceptance's.
    function _checkSignatures(Settlement calldata item, Terms memory terms) internal view {
        if (terms.sessionHash != 0) {
            _checkSession(item.session, item.order);
            Signers.requireSigner(Signed.SessionKey, item.order.requester, terms.sessionHash, item.sessionSignature);
        }
        Signers.requireSigner(Signed.Order, _orderSigner(item), terms.orderHash, item.orderSignature);
        address node = item.award.node;
        Signers.requireSigner(Signed.NodeAward, node, terms.awardHash, item.nodeSignature);
        Signers.requireSigner(Signed.OperatorAward, OPERATOR, terms.awardHash, item.operatorSignature);
        bytes32 receiptHash = _hashTypedDataV4(TypedData.hashReceipt(terms.awardHash, item.resultHash));
        Signers.requireSigner(Signed.Receipt, node, receiptHash, item.receiptSignature);
        Signers.requireSigner(
            Signed.BidSheet, node, _hashTypedDataV4(TypedData.hashBidSheet(item.sheet)), item.sheetSignature
        );
        Bids.checkBid(
            item.sheet, TypedData.bidLeaf(terms.orderHash, item.agentVersion, item.ask, item.promisedSeconds), item.proof
        );
    }

    /// @dev The requester's wallet may accept what its session key ordered.
    function _checkAcceptance(Settlement calldata item, Terms memory terms) internal view {
        bytes32 digest =
            _hashTypedDataV4(TypedData.hashAcceptance(terms.orderHash, item.resultHash, item.award.price));
        address actual = Signers.recover(digest, item.acceptanceSignature);
        address signer = _orderSigner(item);
        if (actual == address(0) || (actual != signer && actual != item.order.requester)) {
            revert WrongSigner(Signed.Acceptance, signer, actual);
        }
    }

    function _orderSigner(Settlement calldata item) private pure returns (address) {
        return item.sessionSignature.length == 0 ? item.order.requester : item.session.key;
    }
}
