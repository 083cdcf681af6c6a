// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEvidence} from "../interfaces/IEvidence.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {PostedClaims} from "./PostedClaims.sol";

/// @title Paying for orders, each at most once
abstract contract Settlements is PostedClaims {
    /// @inheritdoc ISettlements
    function settle(Settlement[] calldata items) external {
        _each(items, this.settleOne, SettlementSkipped.selector);
    }

    /// @inheritdoc ISettlements
    function settleOne(Settlement calldata item) external nonReentrant {
        bool isClaim = item.acceptanceSignature.length == 0;
        IEvidence.Terms memory terms =
            EVIDENCE.termsOf(item, isClaim ? IEvidence.Judged.Terms : IEvidence.Judged.Acceptance);
        if (isClaim) {
            _checkUnspent(item.order.requester, item.order.nonce);
            _consumeClaim(item, terms);
        } else {
            _takeAccepted(item, terms);
        }
        _spendNonce(item.order.requester, item.order.nonce);
        bytes32[] memory paid = new bytes32[](1);
        paid[0] = terms.awardHash;
        _recordPaid(paid);
        _credit(item.award.payout, item.order.token, terms.payment);
        _credit(item.award.creator, item.order.token, item.award.royalty);
        _credit(FEE_RECIPIENT, item.order.token, terms.fee);
        emit Settled(
            terms.orderHash, item.order.requester, item.award.node, terms.payment, item.award.royalty, terms.fee
        );
    }

    function _takeAccepted(Settlement calldata item, IEvidence.Terms memory terms) private {
        _checkOpen(item, terms);
        _giveWay(terms);
        if (terms.sessionHash != 0) _spend(terms.sessionHash, item.session.maxTotal, item.charge);
        _debit(item.order.requester, item.order.token, item.charge);
    }
}
