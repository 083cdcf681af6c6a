// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IFailedAwards} from "../interfaces/IFailedAwards.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {ISlashes} from "../interfaces/ISlashes.sol";
import {Bids} from "../libraries/Bids.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Stakes} from "./Stakes.sol";
import {VaultMessages} from "./VaultMessages.sol";

/// @title What a failed award takes from a stake
abstract contract FailedAwardSlashes is ISlashes, Stakes, VaultMessages {
    using SafeERC20 for IERC20;

    address private immutable OPERATOR;
    /// @dev Seconds after an order's `settleBy` in which an award of it can still be slashed.
    uint64 private immutable SLASH_WINDOW;

    mapping(bytes32 awardHash => bool) private _slashed;
    mapping(bytes32 sheetHash => uint256) private _slashedOfSheet;

    constructor(address operator, uint64 slashWindow) {
        OPERATOR = operator;
        SLASH_WINDOW = slashWindow;
    }

    /// @inheritdoc ISlashes
    function slash(SlashEvidence calldata evidence, address provider, uint256 damages, uint256 toRequester)
        external
        nonReentrant
    {
        if (msg.sender != OPERATOR) revert OnlyOperator(msg.sender);
        if (damages > evidence.sheet.bond) revert DamagesOverBond(damages, evidence.sheet.bond);
        if (toRequester > damages) revert RequesterShareOverDamages(toRequester, damages);
        bytes32 orderHash = _digest(TypedData.hashOrder(evidence.order));
        bytes32 awardHash = _digest(TypedData.hashAward(evidence.award));
        _checkFault(evidence, orderHash, awardHash);
        _reserveBond(evidence, damages);
        _slashed[awardHash] = true;
        address node = evidence.award.node;
        uint256 taken = _takeStake(provider, node, evidence.order.token, damages);
        _payDamages(evidence.order, orderHash, awardHash, node, provider, taken, toRequester);
    }

    /// @inheritdoc ISlashes
    function slashed(bytes32 awardHash) external view returns (bool) {
        return _slashed[awardHash];
    }

    function _checkFault(SlashEvidence calldata evidence, bytes32 orderHash, bytes32 awardHash) private view {
        if (_slashed[awardHash]) revert AlreadySlashed(awardHash);
        uint256 until = uint256(evidence.order.settleBy) + SLASH_WINDOW;
        if (block.timestamp > until) revert SlashTooLate(until, block.timestamp);
        Bids.checkParties(OPERATOR, orderHash, evidence.order, evidence.award, evidence.sheet);
        Bids.payment(evidence.award, evidence.ask);
        bytes32 leaf = TypedData.bidLeaf(orderHash, evidence.agentVersion, evidence.ask, evidence.promisedSeconds);
        Bids.checkBid(evidence.sheet, leaf, evidence.proof);
        if (evidence.nodeSignature.length != 0) {
            Signers.requireSigner(
                ISettlements.Signed.NodeAward, evidence.award.node, awardHash, evidence.nodeSignature
            );
        }
    }

    /// @dev All slashes under one sheet stay within its bonds, one per slot.
    function _reserveBond(SlashEvidence calldata evidence, uint256 damages) internal virtual {
        bytes32 sheetHash = _digest(TypedData.hashBidSheet(evidence.sheet));
        Signers.requireSigner(
            ISettlements.Signed.BidSheet, evidence.award.node, sheetHash, evidence.sheetSignature
        );
        uint256 bonds = evidence.sheet.bond * evidence.sheet.slots;
        uint256 before = _slashedOfSheet[sheetHash];
        if (before + damages > bonds) revert BondsExhausted(sheetHash, before, bonds);
        _slashedOfSheet[sheetHash] = before + damages;
    }

    /// @dev The vault has the last word: it refuses for a settled order and for a claimed award, and takes what it
    /// credits itself.
    function _payDamages(
        TypedData.Order calldata order,
        bytes32 orderHash,
        bytes32 awardHash,
        address node,
        address provider,
        uint256 taken,
        uint256 toRequester
    ) internal virtual {
        if (taken != 0) IERC20(order.token).forceApprove(VAULT, taken);
        (uint256 requesterGot, uint256 faultPoolGot) = IFailedAwards(VAULT).voidAward(
            orderHash, awardHash, order.requester, order.nonce, order.token, taken, toRequester
        );
        emit Slashed(
            orderHash, awardHash, node, provider, order.requester, order.token, requesterGot, faultPoolGot
        );
    }
}
