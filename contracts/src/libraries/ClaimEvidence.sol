// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAcceptedSettlements} from "../interfaces/IAcceptedSettlements.sol";
import {IPostedClaims} from "../interfaces/IPostedClaims.sol";
import {AcceptedBounds} from "./AcceptedBounds.sol";
import {AcceptedDigests} from "./AcceptedDigests.sol";
import {Signers} from "./Signers.sol";
import {TypedData} from "./TypedData.sol";

/// @title What makes a delivered order owed for that nobody accepted
/// @notice The requester ordered, the node's receipt names the award and the operator's word is under it: the receipt
/// stands for what the node signed before it.
library ClaimEvidence {
    using AcceptedBounds for TypedData.AcceptedOrder;
    using AcceptedDigests for TypedData.AcceptedOrder;

    /// @dev What items are judged by, the same for a whole batch.
    struct Terms {
        bytes32 domain;
        address token;
        address operator;
        uint16 feeBps;
        /// @dev Whether the operator posts them itself: then its signatures are not read.
        bool isOperators;
    }

    /// @dev The item as a leaf, and why it is none as far as its messages tell.
    function judge(TypedData.ClaimedOrder calldata item, Terms memory terms)
        internal
        view
        returns (IPostedClaims.PostedClaim memory claim, IAcceptedSettlements.Refusal refusal)
    {
        TypedData.AcceptedOrder calldata order = item.order;
        uint256 fee;
        (refusal, fee) = order.feeWithin(terms.feeBps);
        claim.orderHash = order.orderDigest(terms.domain, terms.operator, terms.token);
        if (refusal != IAcceptedSettlements.Refusal.None) return (claim, refusal);
        claim.awardHash = order.awardDigest(terms.domain, claim.orderHash);
        claim.resultHash = order.resultHash;
        (claim.requester, claim.nonce) = (order.requester, order.nonce);
        (claim.node, claim.payout, claim.creator) = (order.node, order.payout, order.creator);
        (claim.price, claim.royalty, claim.charge) = (order.price, order.royalty, order.price + fee);
        refusal = _judgeSigners(item, claim, terms);
    }

    function _judgeSigners(
        TypedData.ClaimedOrder calldata item,
        IPostedClaims.PostedClaim memory claim,
        Terms memory terms
    ) private view returns (IAcceptedSettlements.Refusal) {
        TypedData.AcceptedOrder calldata order = item.order;
        bytes32 receiptHash = order.receiptDigest(terms.domain, claim.awardHash);
        if (!Signers.isSigner(claim.node, receiptHash, order.receiptR, order.receiptVs)) {
            return IAcceptedSettlements.Refusal.Receipt;
        }
        if (!Signers.isSigner(claim.requester, claim.orderHash, order.requesterR, order.requesterVs)) {
            return IAcceptedSettlements.Refusal.Order;
        }
        if (terms.isOperators) return IAcceptedSettlements.Refusal.None;
        bool isAwarded = Signers.isSigner(terms.operator, claim.awardHash, item.operatorR, item.operatorVs);
        return isAwarded ? IAcceptedSettlements.Refusal.None : IAcceptedSettlements.Refusal.Operator;
    }
}
