// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEvidence} from "../interfaces/IEvidence.sol";
import {IOrders} from "../interfaces/IOrders.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {Bids} from "../libraries/Bids.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {VaultMessages} from "../nodes/VaultMessages.sol";

/// @title What makes an order owed for
/// @dev A contract of its own because the vault has no room for it; made by the vault, so each knows the other for good.
contract Evidence is IEvidence, VaultMessages {
    uint256 private constant BPS = 10_000;

    address private immutable OPERATOR;
    uint16 private immutable FEE_BPS;

    constructor(address operator, uint16 feeBps) VaultMessages(msg.sender) {
        OPERATOR = operator;
        FEE_BPS = feeBps;
    }

    /// @inheritdoc IEvidence
    function termsOf(ISettlements.Settlement calldata item, Judged judged) external view returns (Terms memory terms) {
        terms = _terms(item);
        if (judged == Judged.Terms) return terms;
        _checkSignatures(item, terms);
        if (judged == Judged.Acceptance) _checkAcceptance(item, terms);
    }

    function _terms(ISettlements.Settlement calldata item) private view returns (Terms memory terms) {
        TypedData.Order calldata order = item.order;
        TypedData.Award calldata award = item.award;
        terms.orderHash = _digest(TypedData.hashOrder(order));
        terms.awardHash = _digest(TypedData.hashAward(award));
        if (item.sessionSignature.length != 0) {
            terms.sessionHash = _digest(TypedData.hashSessionKey(item.session));
        }
        Bids.checkParties(OPERATOR, terms.orderHash, order, award, item.sheet);
        terms.payment = Bids.payment(award, item.ask);
        if (award.royalty > order.royaltyCap) revert ISettlements.RoyaltyOverCap(award.royalty, order.royaltyCap);
        if (FEE_BPS > order.feeCapBps) revert ISettlements.FeeOverCap(FEE_BPS, order.feeCapBps);
        terms.fee = award.price * FEE_BPS / BPS;
        uint256 charge = award.price + terms.fee;
        if (item.charge != charge) revert ISettlements.WrongCharge(charge, item.charge);
        if (charge > order.maxPrice) revert ISettlements.ChargeOverMaximum(charge, order.maxPrice);
    }

    /// @dev Every signature but the acceptance's.
    function _checkSignatures(ISettlements.Settlement calldata item, Terms memory terms) private view {
        if (terms.sessionHash != 0) {
            _checkSession(item.session, item.order);
            Signers.requireSigner(
                ISettlements.Signed.SessionKey, item.order.requester, terms.sessionHash, item.sessionSignature
            );
        }
        Signers.requireSigner(ISettlements.Signed.Order, _orderSigner(item), terms.orderHash, item.orderSignature);
        address node = item.award.node;
        Signers.requireSigner(ISettlements.Signed.NodeAward, node, terms.awardHash, item.nodeSignature);
        Signers.requireSigner(ISettlements.Signed.OperatorAward, OPERATOR, terms.awardHash, item.operatorSignature);
        bytes32 receiptHash = _digest(TypedData.hashReceipt(terms.awardHash, item.resultHash));
        Signers.requireSigner(ISettlements.Signed.Receipt, node, receiptHash, item.receiptSignature);
        Signers.requireSigner(
            ISettlements.Signed.BidSheet, node, _digest(TypedData.hashBidSheet(item.sheet)), item.sheetSignature
        );
        Bids.checkBid(
            item.sheet, TypedData.bidLeaf(terms.orderHash, item.agentVersion, item.ask, item.promisedSeconds), item.proof
        );
    }

    /// @dev The order must settle before the key expires: a key that leaks after its expiry can date nothing back.
    function _checkSession(TypedData.SessionKey calldata session, TypedData.Order calldata order) private pure {
        if (session.wallet != order.requester || session.token != order.token) revert IOrders.SessionMismatch();
        if (order.settleBy > session.expiresAt) revert IOrders.SessionExpiresFirst(session.expiresAt, order.settleBy);
        if (order.maxPrice > session.maxPerOrder) {
            revert IOrders.SessionOrderLimit(order.maxPrice, session.maxPerOrder);
        }
    }

    /// @dev The requester's wallet may accept what its session key ordered.
    function _checkAcceptance(ISettlements.Settlement calldata item, Terms memory terms) private view {
        bytes32 digest = _digest(TypedData.hashAcceptance(terms.orderHash, item.resultHash, item.award.price));
        address actual = Signers.recover(digest, item.acceptanceSignature);
        address signer = _orderSigner(item);
        if (actual == address(0) || (actual != signer && actual != item.order.requester)) {
            revert ISettlements.WrongSigner(ISettlements.Signed.Acceptance, signer, actual);
        }
    }

    function _orderSigner(ISettlements.Settlement calldata item) private pure returns (address) {
        return item.sessionSignature.length == 0 ? item.order.requester : item.session.key;
    }
}
