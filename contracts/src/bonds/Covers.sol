// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAcceptedSettlements} from "../interfaces/IAcceptedSettlements.sol";
import {IClaimBatches} from "../interfaces/IClaimBatches.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {ICovers} from "../interfaces/ICovers.sol";
import {IPostedClaims} from "../interfaces/IPostedClaims.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {IVault} from "../interfaces/IVault.sol";
import {Holds} from "../libraries/Holds.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Bonds} from "./Bonds.sol";

/// @title Adding what a requester lacks, in the call that settles its order
abstract contract Covers is ICovers, Bonds {
    using SafeERC20 for IERC20;

    /// @dev What a requester owes a node for, fee included.
    struct Due {
        bytes32 orderHash;
        address requester;
        address node;
        address token;
        uint256 charge;
    }

    /// @inheritdoc ICovers
    function cover(ISettlements.Settlement calldata item, uint256 cumulativeHeld, bytes calldata holdSignature)
        external
        nonReentrant
    {
        TypedData.Order calldata order = item.order;
        bytes32 orderHash = _digest(TypedData.hashOrder(order));
        // Settling a claim made alone takes nothing from the requester, who would keep the top-up.
        if (item.acceptanceSignature.length == 0) revert NotAccepted(orderHash);
        Due memory due = Due(orderHash, order.requester, item.award.node, order.token, item.charge);
        _requireHold(due, cumulativeHeld, holdSignature);
        uint256 short = _topUp(due);
        // Reverts for whatever the vault does not pay, and the top-up with it.
        IVault(VAULT).settleOne(item);
        emit Covered(orderHash, due.requester, due.node, due.token, short);
    }

    /// @inheritdoc ICovers
    function coverPosted(PostedLeaf calldata leaf, uint256 cumulativeHeld, bytes calldata holdSignature)
        external
        nonReentrant
    {
        IPostedClaims.PostedClaim calldata posted = leaf.claim;
        Due memory due = Due(posted.orderHash, posted.requester, posted.node, leaf.token, posted.charge);
        _requireHold(due, cumulativeHeld, holdSignature);
        uint256 short = _topUp(due);
        IPostedClaims.PostedClaim[] memory one = new IPostedClaims.PostedClaim[](1);
        one[0] = posted;
        // One leaf alone is proved by hashes of others only.
        bool[] memory flags = new bool[](leaf.proof.length);
        IAcceptedSettlements.Refusal[] memory refusals = IClaimBatches(IVault(VAULT).claimBatches())
            .settle(leaf.root, VAULT, leaf.token, one, leaf.proof, flags);
        // The vault skips what it does not pay: the top-up must not stay.
        if (refusals[0] != IAcceptedSettlements.Refusal.None) revert NotPaid(due.orderHash, refusals[0]);
        emit Covered(due.orderHash, due.requester, due.node, due.token, short);
    }

    /// @inheritdoc ICovers
    function shortfallOf(bytes32 orderHash, address requester, address token, uint256 charge)
        external
        view
        returns (uint256)
    {
        return _shortfall(Due(orderHash, requester, address(0), token, charge));
    }

    /// @dev Whether the operator promised it.
    function _requireHold(Due memory due, uint256 cumulativeHeld, bytes calldata holdSignature) internal view {
        if (due.charge > cumulativeHeld) revert ChargeOverHold(due.charge, cumulativeHeld);
        bytes32 digest = _digest(Holds.hash(due.requester, due.token, due.orderHash, cumulativeHeld));
        address signer = Signers.recover(digest, holdSignature);
        // An unreadable signature recovers to zero, which is no vault's operator.
        if (signer != OPERATOR) revert NotHeld(due.orderHash, signer);
    }

    /// @dev Adds to the requester's account what it lacks, from the bond, and returns that.
    function _topUp(Due memory due) internal returns (uint256 short) {
        short = _shortfall(due);
        if (short == 0) revert NothingShort(due.orderHash);
        _take(due.node, due.token, short);
        IERC20(due.token).forceApprove(VAULT, short);
        IVault(VAULT).depositFor(due.requester, due.token, short);
    }

    /// @dev A claim on the order gives back what it locks before the vault takes the charge. Virtual so that a test can show
    /// what becomes of a bond when that is forgotten.
    function _shortfall(Due memory due) internal view virtual returns (uint256) {
        uint256 reach = IVault(VAULT).balanceOf(due.requester, due.token);
        (uint256 waiting,) = IVault(VAULT).pendingWithdrawal(due.requester, due.token);
        IClaims.Claim memory claimed = IVault(VAULT).claimOf(due.orderHash);
        reach += waiting + claimed.charge + claimed.bond;
        return reach < due.charge ? due.charge - reach : 0;
    }
}
