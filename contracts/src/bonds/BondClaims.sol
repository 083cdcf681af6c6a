// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBondClaims} from "../interfaces/IBondClaims.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IFailedAwards} from "../interfaces/IFailedAwards.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {ISlashes} from "../interfaces/ISlashes.sol";
import {IVault} from "../interfaces/IVault.sol";
import {IVaultParameters} from "../interfaces/IVaultParameters.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Covers} from "./Covers.sol";

/// @title Claims on the bond, their disputes and their rulings
abstract contract BondClaims is IBondClaims, Covers {
    uint256 private constant BPS = 10_000;

    address private immutable NODES;
    address private immutable ARBITER;
    uint16 private immutable STAKE_BPS;
    uint64 private immutable WINDOW;
    uint64 private immutable RULING_WINDOW;

    mapping(bytes32 orderHash => BondClaim) private _claims;
    mapping(bytes32 awardHash => bool) private _refused;

    constructor(address vault_) {
        IVaultParameters.Parameters memory given = IVaultParameters(vault_).parameters();
        NODES = IFailedAwards(vault_).nodes();
        ARBITER = given.arbiter;
        STAKE_BPS = given.challengeBondBps;
        WINDOW = given.challengeWindow;
        RULING_WINDOW = IClaims(vault_).RULING_WINDOW();
    }

    /// @inheritdoc IBondClaims
    function claim(ISettlements.Settlement calldata item, uint256 cumulativeHeld, bytes calldata holdSignature)
        external
        nonReentrant
    {
        bytes32 orderHash = _requireHold(item, cumulativeHeld, holdSignature);
        bytes32 awardHash = _digest(TypedData.hashAward(item.award));
        BondClaim storage record = _claims[orderHash];
        if (record.state != BondClaimState.None) revert AlreadyClaimed(orderHash, record.awardHash);
        if (_refused[awardHash]) revert AwardRefused(awardHash);
        uint256 short = _requireShort(item, orderHash);
        _lock(record, item, awardHash);
        _requireClaimable(item, short);
        emit BondClaimed(orderHash, record.requester, record.node, record.locked, record.payableAt);
    }

    /// @inheritdoc IBondClaims
    function rehearse(ISettlements.Settlement calldata item, uint256 short) external {
        if (msg.sender != address(this)) revert OnlySelf(msg.sender);
        _topUp(item.order.requester, item.order.token, short);
        IVault(VAULT).claimOne(item);
        revert Rehearsed();
    }

    /// @inheritdoc IBondClaims
    function dispute(bytes32 orderHash) external nonReentrant {
        BondClaim storage record = _inState(orderHash, BondClaimState.Open);
        if (msg.sender != record.requester && msg.sender != OPERATOR) revert OnlyParties(msg.sender);
        if (block.timestamp >= record.payableAt) revert DisputeTooLate(record.payableAt, block.timestamp);
        record.state = BondClaimState.Disputed;
        record.disputer = msg.sender;
        record.lapsesAt = uint64(block.timestamp) + RULING_WINDOW;
        uint256 stake = Math.mulDiv(record.locked, STAKE_BPS, BPS, Math.Rounding.Ceil);
        if (stake != 0) stake = _pull(msg.sender, record.token, stake);
        record.stake = stake;
        emit BondClaimDisputed(orderHash, msg.sender, stake);
    }

    /// @inheritdoc IBondClaims
    function rule(bytes32 orderHash, bool toPay) external nonReentrant {
        if (msg.sender != ARBITER) revert OnlyArbiter(msg.sender);
        BondClaim storage record = _inState(orderHash, BondClaimState.Disputed);
        emit BondClaimRuled(orderHash, toPay);
        if (toPay) {
            uint256 stake = record.stake;
            record.state = BondClaimState.Upheld;
            record.stake = 0;
            _credit(record.payout, record.token, stake);
        } else {
            _refuse(orderHash, record);
        }
    }

    /// @inheritdoc IBondClaims
    function lapse(bytes32 orderHash) external nonReentrant {
        BondClaim storage record = _inState(orderHash, BondClaimState.Disputed);
        if (block.timestamp < record.lapsesAt) revert RulingStillOpen(record.lapsesAt, block.timestamp);
        _refuse(orderHash, record);
    }

    /// @inheritdoc IBondClaims
    function pay(bytes32 orderHash) external nonReentrant {
        BondClaim storage record = _claims[orderHash];
        if (record.state != BondClaimState.Upheld) _inState(orderHash, BondClaimState.Open);
        if (block.timestamp < record.payableAt) revert NotPayable(record.payableAt, block.timestamp);
        if (_vaultDecided(record) || _vaultHasClaim(orderHash)) revert VaultDecides(orderHash);
        record.state = BondClaimState.Paid;
        (uint256 payment, uint256 royalty) = (record.payment, record.royalty);
        _credit(record.payout, record.token, payment);
        _credit(record.creator, record.token, royalty);
        // The fee was the operator's; what it does not get from a requester it does not take from its own bond.
        _unlock(record, record.locked - payment - royalty);
        emit BondClaimPaid(orderHash, record.payout, payment, royalty);
    }

    /// @inheritdoc IBondClaims
    function release(bytes32 orderHash) external nonReentrant {
        BondClaim storage record = _claims[orderHash];
        if (record.state == BondClaimState.None || record.state == BondClaimState.Paid) {
            revert WrongState(orderHash, record.state);
        }
        if (!_vaultDecided(record)) revert VaultDoesNotDecide(orderHash);
        _close(orderHash, record);
    }

    /// @inheritdoc IBondClaims
    function claimOf(bytes32 orderHash) external view returns (BondClaim memory) {
        return _claims[orderHash];
    }

    /// @dev Payable only once the vault takes no claim on the order any more, and settles it no more without one.
    function _lock(BondClaim storage record, ISettlements.Settlement calldata item, bytes32 awardHash) private {
        uint256 payableAt = Math.max(block.timestamp + WINDOW, uint256(item.order.settleBy) + 1);
        record.state = BondClaimState.Open;
        record.payableAt = SafeCast.toUint64(payableAt);
        record.requester = item.order.requester;
        record.node = item.award.node;
        record.payout = item.award.payout;
        record.creator = item.award.creator;
        record.token = item.order.token;
        record.nonce = item.order.nonce;
        record.payment = item.award.price - item.award.royalty;
        record.royalty = item.award.royalty;
        record.locked = item.charge;
        record.awardHash = awardHash;
        record.lockedOfNode = _take(item.award.node, item.order.token, item.charge);
    }

    /// @dev The vault checks all there is to check, and keeps nothing of it.
    function _requireClaimable(ISettlements.Settlement calldata item, uint256 short) internal virtual {
        try this.rehearse(item, short) {}
        catch (bytes memory reason) {
            if (bytes4(reason) == Rehearsed.selector) return;
            LowLevelCall.bubbleRevert(reason);
        }
    }

    function _refuse(bytes32 orderHash, BondClaim storage record) private {
        _refused[record.awardHash] = true;
        _close(orderHash, record);
    }

    function _close(bytes32 orderHash, BondClaim storage record) private {
        uint256 locked = record.locked;
        _credit(record.disputer, record.token, record.stake);
        _unlock(record, locked);
        delete _claims[orderHash];
        emit BondClaimReleased(orderHash, locked);
    }

    /// @dev Back to where it came from, the common bond's part first.
    function _unlock(BondClaim storage record, uint256 amount) private {
        uint256 ofEvery = Math.min(amount, record.locked - record.lockedOfNode);
        _putBack(EVERY_NODE, record.token, ofEvery);
        _putBack(record.node, record.token, amount - ofEvery);
    }

    /// @dev Paid, or ruled against. An award that is voided because its node's stake was slashed is left to the arbiter
    /// here: the operator slashes by itself, and would so call back its own word.
    function _vaultDecided(BondClaim storage record) internal view virtual returns (bool) {
        if (IVault(VAULT).isSpent(record.requester, record.nonce)) return true;
        bytes32 awardHash = record.awardHash;
        return IVault(VAULT).voided(awardHash) && !ISlashes(NODES).slashed(awardHash);
    }

    function _vaultHasClaim(bytes32 orderHash) private view returns (bool) {
        return IVault(VAULT).claimOf(orderHash).state != IClaims.ClaimState.None;
    }

    function _inState(bytes32 orderHash, BondClaimState expected) private view returns (BondClaim storage record) {
        record = _claims[orderHash];
        if (record.state != expected) revert WrongState(orderHash, record.state);
    }
}
