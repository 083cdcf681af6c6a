// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IStakes} from "../interfaces/IStakes.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Claims} from "./Claims.sol";

/// @title Stakes, and what a failed award takes from them
abstract contract Stakes is IStakes, Claims {
    using SafeERC20 for IERC20;

    struct Stake {
        uint256 active;
        uint256 unstaking;
        uint256 unlockAt;
    }

    mapping(address provider => mapping(address node => mapping(address token => Stake))) private _stakes;
    mapping(bytes32 awardHash => bool) private _slashed;
    mapping(bytes32 sheetHash => uint256) private _slashedOfSheet;

    /// @inheritdoc IStakes
    function stake(address node, address token, uint256 amount) external nonReentrant {
        if (node == address(0)) revert ZeroAddress();
        uint256 received = _pull(msg.sender, token, amount);
        _stakes[msg.sender][node][token].active += received;
        emit Staked(msg.sender, node, token, received);
    }

    /// @inheritdoc IStakes
    function requestUnstake(address node, address token, uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        Stake storage held = _stakes[msg.sender][node][token];
        if (held.active < amount) revert InsufficientStake(held.active, amount);
        held.active -= amount;
        held.unstaking += amount;
        held.unlockAt = block.timestamp + WITHDRAW_DELAY;
        emit UnstakeRequested(msg.sender, node, token, amount, held.unlockAt);
    }

    /// @inheritdoc IStakes
    function completeUnstake(address provider, address node, address token) external nonReentrant {
        Stake storage held = _stakes[provider][node][token];
        uint256 amount = held.unstaking;
        if (amount == 0) revert NothingUnstaking(provider, node, token);
        if (block.timestamp < held.unlockAt) revert StillLocked(held.unlockAt, block.timestamp);
        held.unstaking = 0;
        emit UnstakeCompleted(provider, node, token, amount);
        IERC20(token).safeTransfer(provider, amount);
    }

    /// @inheritdoc IStakes
    function slash(SlashEvidence calldata evidence, address provider, uint256 damages, uint256 toRequester)
        external
        nonReentrant
    {
        if (msg.sender != OPERATOR) revert OnlyOperator(msg.sender);
        if (damages > evidence.sheet.bond) revert DamagesOverBond(damages, evidence.sheet.bond);
        if (toRequester > damages) revert RequesterShareOverDamages(toRequester, damages);
        bytes32 orderHash = _hashTypedDataV4(TypedData.hashOrder(evidence.order));
        bytes32 awardHash = _hashTypedDataV4(TypedData.hashAward(evidence.award));
        _checkFault(evidence, orderHash, awardHash);
        _reserveBond(evidence, damages);
        _slashed[awardHash] = true;
        _voided[awardHash] = true;
        address token = evidence.order.token;
        uint256 taken = _takeStake(_stakes[provider][evidence.award.node][token], damages);
        uint256 made = Math.min(taken, toRequester);
        _credit(evidence.order.requester, token, made);
        _credit(FAULT_POOL, token, taken - made);
        emit Slashed(
            orderHash, awardHash, evidence.award.node, provider, evidence.order.requester, token, made, taken - made
        );
    }

    /// @inheritdoc IStakes
    function stakeOf(address provider, address node, address token)
        external
        view
        returns (uint256 staked, uint256 unstaking, uint256 unlockAt)
    {
        Stake storage held = _stakes[provider][node][token];
        return (held.active, held.unstaking, held.unlockAt);
    }

    function _checkFault(SlashEvidence calldata evidence, bytes32 orderHash, bytes32 awardHash) private view {
        if (_settledAward[orderHash] != 0) revert AlreadySettled(orderHash);
        if (_slashed[awardHash]) revert AlreadySlashed(awardHash);
        if (_claimedAward(orderHash) == awardHash) revert AwardIsClaimed(awardHash);
        uint256 until = uint256(evidence.order.settleBy) + CHALLENGE_WINDOW + RULING_WINDOW;
        if (block.timestamp > until) revert SlashTooLate(until, block.timestamp);
        _checkParties(orderHash, evidence.order, evidence.award, evidence.sheet);
        _payment(evidence.award, evidence.ask);
        bytes32 leaf = TypedData.bidLeaf(orderHash, evidence.agentVersion, evidence.ask, evidence.promisedSeconds);
        _checkBid(evidence.sheet, leaf, evidence.proof);
        if (evidence.nodeSignature.length != 0) {
            _requireSigner(Signed.NodeAward, evidence.award.node, awardHash, evidence.nodeSignature);
        }
    }

    /// @dev All slashes under one sheet stay within its bonds, one per slot.
    function _reserveBond(SlashEvidence calldata evidence, uint256 damages) private {
        bytes32 sheetHash = _hashTypedDataV4(TypedData.hashBidSheet(evidence.sheet));
        _requireSigner(Signed.BidSheet, evidence.award.node, sheetHash, evidence.sheetSignature);
        uint256 bonds = evidence.sheet.bond * evidence.sheet.slots;
        uint256 before = _slashedOfSheet[sheetHash];
        if (before + damages > bonds) revert BondsExhausted(sheetHash, before, bonds);
        _slashedOfSheet[sheetHash] = before + damages;
    }

    /// @dev Reaches what waits to be unstaked, after what is staked.
    function _takeStake(Stake storage held, uint256 damages) private returns (uint256 taken) {
        uint256 fromActive = Math.min(held.active, damages);
        uint256 fromUnstaking = Math.min(held.unstaking, damages - fromActive);
        held.active -= fromActive;
        held.unstaking -= fromUnstaking;
        return fromActive + fromUnstaking;
    }
}
