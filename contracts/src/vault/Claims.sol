// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IEvidence} from "../interfaces/IEvidence.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Accounts} from "./Accounts.sol";
import {Awards} from "./Awards.sol";

/// @title Claims, their challenges and their rulings
abstract contract Claims is IClaims, Awards, Accounts {
    /// @inheritdoc IClaims
    uint64 public constant RULING_WINDOW = 30 days;

    mapping(bytes32 orderHash => Claim) private _claims;

    /// @inheritdoc IClaims
    function claim(ISettlements.Settlement[] calldata items) external {
        _each(items, this.claimOne, ClaimSkipped.selector);
    }

    /// @inheritdoc IClaims
    function claimOne(ISettlements.Settlement calldata item) external nonReentrant {
        IEvidence.Terms memory terms = EVIDENCE.termsOf(item, IEvidence.Judged.Claim);
        _checkOpen(item, terms);
        if (_claims[terms.orderHash].state != ClaimState.None) {
            revert AlreadyClaimed(terms.orderHash, _claimedAward(terms.orderHash));
        }
        if (terms.sessionHash != 0) _spend(terms.sessionHash, item.session.maxTotal, item.charge);
        _recordClaim(
            terms.orderHash,
            item.order.nonce,
            item.award.node,
            Claim({
                state: ClaimState.Open,
                requester: item.order.requester,
                payout: item.award.payout,
                token: item.order.token,
                payableAt: uint64(block.timestamp) + CHALLENGE_WINDOW,
                lapsesAt: 0,
                charge: item.charge,
                bond: 0,
                awardHash: terms.awardHash,
                resultHash: item.resultHash,
                sessionHash: terms.sessionHash
            })
        );
    }

    /// @inheritdoc IClaims
    function challenge(bytes32 orderHash) external nonReentrant {
        _challenge(orderHash, msg.sender);
    }

    /// @inheritdoc IClaims
    function rule(bytes32 orderHash, bool pay) external nonReentrant {
        if (msg.sender != ARBITER) revert OnlyArbiter(msg.sender);
        Claim storage record = _claims[orderHash];
        if (record.state != ClaimState.Challenged) revert NotChallenged(orderHash, record.state);
        emit Ruled(orderHash, pay);
        if (pay) {
            uint256 bond = record.bond;
            record.state = ClaimState.Upheld;
            record.bond = 0;
            _credit(record.payout, record.token, bond);
        } else {
            _refund(orderHash, record);
        }
    }

    /// @inheritdoc IClaims
    function lapse(bytes32 orderHash) external nonReentrant {
        Claim storage record = _claims[orderHash];
        if (record.state != ClaimState.Challenged) revert NotChallenged(orderHash, record.state);
        if (block.timestamp < record.lapsesAt) revert RulingStillOpen(record.lapsesAt, block.timestamp);
        _refund(orderHash, record);
    }

    /// @inheritdoc IClaims
    function claimOf(bytes32 orderHash) external view returns (Claim memory) {
        return _claims[orderHash];
    }

    /// @dev Does it to each item; of one that reverts, the event with this selector says why.
    function _each(
        ISettlements.Settlement[] calldata items,
        function(ISettlements.Settlement memory) external act,
        bytes32 skipped
    ) internal {
        for (uint256 i = 0; i < items.length; ++i) {
            try act(items[i]) {}
            catch (bytes memory reason) {
                // Only running out of gas gives no reason: the item is not to blame, so the batch reverts.
                if (reason.length == 0) revert OutOfGas();
                bytes32 orderHash = _digest(TypedData.hashOrder(items[i].order));
                if (skipped == ClaimSkipped.selector) emit ClaimSkipped(orderHash, msg.sender, reason);
                else emit SettlementSkipped(orderHash, msg.sender, reason);
            }
        }
    }

    /// @dev Binds the nonce to the claimed order for good, and locks its charge.
    function _recordClaim(bytes32 orderHash, uint256 nonce, address node, Claim memory record) internal {
        _bindNonce(record.requester, nonce, orderHash);
        _debit(record.requester, record.token, record.charge);
        _claims[orderHash] = record;
        emit Claimed(orderHash, record.requester, node, record.charge, record.payableAt);
    }

    function _challenge(bytes32 orderHash, address challenger) internal {
        Claim storage record = _claims[orderHash];
        if (record.state == ClaimState.None) revert NotClaimed(orderHash);
        if (challenger != record.requester) revert OnlyRequester(challenger, record.requester);
        if (record.state != ClaimState.Open || block.timestamp >= record.payableAt) {
            revert NotChallengeable(orderHash, record.state, record.payableAt, block.timestamp);
        }
        uint256 bond = _bondOf(record.charge);
        record.state = ClaimState.Challenged;
        record.bond = bond;
        record.lapsesAt = uint64(block.timestamp) + RULING_WINDOW;
        _debit(challenger, record.token, bond);
        emit Challenged(orderHash, challenger, bond);
    }

    /// @dev Consumes a claim that can be paid: its lock pays. Everything signed was checked when it was recorded.
    function _consumeClaim(ISettlements.Settlement calldata item, IEvidence.Terms memory terms) internal {
        Claim storage record = _claims[terms.orderHash];
        if (record.state == ClaimState.None) revert NotClaimed(terms.orderHash);
        if (
            record.awardHash != terms.awardHash || record.resultHash != item.resultHash || record.charge != item.charge
        ) revert OtherClaim(terms.orderHash, record.awardHash);
        if (!_isPayable(record)) {
            revert NotPayable(terms.orderHash, record.state, record.payableAt, block.timestamp);
        }
        delete _claims[terms.orderHash];
    }

    /// @dev Makes way for an award the requester accepted. A claim on another award is only then in the way when it is
    /// decided: else requester and operator could together take back what the claim's node is owed.
    function _giveWay(IEvidence.Terms memory terms) internal {
        Claim storage record = _claims[terms.orderHash];
        if (record.awardHash != terms.awardHash && _isPayable(record)) {
            revert OtherClaim(terms.orderHash, record.awardHash);
        }
        _releaseClaim(terms.orderHash);
    }

    /// @dev Whether the order's claim gives way to a posted one of the same award and result that is payable: that had
    /// its own challenge window, so a later claim opens no other. A challenge within that window stands.
    function _givesWayToPosted(bytes32 orderHash, bytes32 awardHash, bytes32 resultHash, uint256 payableAt)
        internal
        view
        returns (bool)
    {
        Claim storage record = _claims[orderHash];
        if (record.awardHash != awardHash || record.resultHash != resultHash) return false;
        return record.state != ClaimState.Challenged || record.lapsesAt - RULING_WINDOW >= payableAt;
    }

    function _claimedAward(bytes32 orderHash) internal view returns (bytes32) {
        return _claims[orderHash].awardHash;
    }

    /// @dev Gives an order's claim, if there is one, back to its requester.
    function _releaseClaim(bytes32 orderHash) internal {
        Claim storage record = _claims[orderHash];
        if (record.state == ClaimState.None) return;
        (address requester, address token) = (record.requester, record.token);
        (uint256 charge, uint256 bond, bytes32 sessionHash) = (record.charge, record.bond, record.sessionHash);
        delete _claims[orderHash];
        if (sessionHash != 0) _unspend(sessionHash, charge);
        _credit(requester, token, charge + bond);
        emit ClaimReleased(orderHash, requester, charge, bond);
    }

    function _refund(bytes32 orderHash, Claim storage record) private {
        _voided[record.awardHash] = true;
        _releaseClaim(orderHash);
    }

    /// @dev Its share of the charge, rounded up. Of the whole ten thousands first: their product stays under the charge.
    function _bondOf(uint256 charge) private view returns (uint256) {
        return charge / BPS * CHALLENGE_BOND_BPS + Math.ceilDiv(charge % BPS * CHALLENGE_BOND_BPS, BPS);
    }

    function _isPayable(Claim storage record) private view returns (bool) {
        if (record.state == ClaimState.Open) return block.timestamp >= record.payableAt;
        return record.state == ClaimState.Upheld;
    }
}
