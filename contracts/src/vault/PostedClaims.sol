// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPostedClaims} from "../interfaces/IPostedClaims.sol";
import {AcceptedSettlements} from "./AcceptedSettlements.sol";

/// @title Paying claims that were posted in batches
/// @dev Of storage a claim takes what an accepted order does.
abstract contract PostedClaims is IPostedClaims, AcceptedSettlements {
    address private immutable CLAIM_BATCHES;

    constructor(address claimBatches_) {
        if (claimBatches_ == address(0)) revert ZeroAddress();
        CLAIM_BATCHES = claimBatches_;
    }

    /// @inheritdoc IPostedClaims
    function payPosted(address token, PostedClaim[] calldata claims, uint256 payableAt, address submitter)
        external
        nonReentrant
        returns (Refusal[] memory refusals)
    {
        _checkCaller();
        refusals = new Refusal[](claims.length);
        bytes32[] memory paid = new bytes32[](claims.length);
        uint256 fees;
        for (uint256 i = 0; i < claims.length; ++i) {
            PostedClaim calldata claimed = claims[i];
            refusals[i] = _payPosted(token, claimed, payableAt);
            if (refusals[i] == Refusal.None) {
                paid[i] = claimed.awardHash;
                fees += claimed.charge - claimed.price;
            } else {
                _skip(claimed.orderHash, submitter, refusals[i]);
            }
        }
        _credit(FEE_RECIPIENT, token, fees);
        _recordPaid(paid);
    }

    /// @inheritdoc IPostedClaims
    function challengePosted(address token, PostedClaim calldata claimed, uint256 payableAt)
        external
        nonReentrant
    {
        _checkCaller();
        Refusal refusal = _whyNotOwed(claimed, payableAt - CHALLENGE_WINDOW, false);
        if (refusal != Refusal.None) revert NotOwed(claimed.orderHash, refusal);
        _recordClaim(
            claimed.orderHash,
            claimed.nonce,
            claimed.node,
            Claim({
                state: ClaimState.Open,
                requester: claimed.requester,
                payout: claimed.payout,
                token: token,
                payableAt: uint64(payableAt),
                lapsesAt: 0,
                charge: claimed.charge,
                bond: 0,
                awardHash: claimed.awardHash,
                resultHash: claimed.resultHash,
                sessionHash: 0
            })
        );
        _challenge(claimed.orderHash, claimed.requester);
    }

    /// @inheritdoc IPostedClaims
    function claimBatches() external view returns (address) {
        return CLAIM_BATCHES;
    }

    function _payPosted(address token, PostedClaim calldata claimed, uint256 payableAt) private returns (Refusal) {
        bool givesWay = _givesWayToPosted(claimed.orderHash, claimed.awardHash, claimed.resultHash, payableAt);
        Refusal refusal = _whyNotOwed(claimed, payableAt - CHALLENGE_WINDOW, givesWay);
        if (refusal != Refusal.None) return refusal;
        // Only now: a claim that gave way to what is then not paid would be lost.
        if (givesWay) _releaseClaim(claimed.orderHash);
        if (claimed.charge > _reachable(claimed.requester, token)) return Refusal.Funds;
        _spendNonce(claimed.requester, claimed.nonce);
        _debit(claimed.requester, token, claimed.charge);
        uint256 payment = claimed.price - claimed.royalty;
        _credit(claimed.payout, token, payment);
        if (claimed.royalty != 0) _credit(claimed.creator, token, claimed.royalty);
        emit ClaimSettled(claimed.orderHash, claimed.requester, claimed.node, payment, claimed.royalty);
        return Refusal.None;
    }

    function _checkCaller() private view {
        if (msg.sender != CLAIM_BATCHES) revert OnlyClaimBatches(msg.sender);
    }

    /// @dev Why a claim that was posted at an instant is not owed for.
    /// @param givesWay Whether the claim that has the nonce is no hindrance.
    function _whyNotOwed(PostedClaim calldata claimed, uint256 postedAt, bool givesWay) private view returns (Refusal) {
        (bool spent, bool marked) = _nonceState(claimed.requester, claimed.nonce);
        if (spent) return Refusal.Spent;
        if (!marked) return Refusal.None;
        if (_voided[claimed.awardHash]) return Refusal.Marked;
        bool isBarred = _isBarred(claimed.requester, claimed.nonce, postedAt, givesWay);
        return isBarred ? Refusal.Marked : Refusal.None;
    }
}
