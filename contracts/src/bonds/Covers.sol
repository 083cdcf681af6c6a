// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {ICovers} from "../interfaces/ICovers.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {IVault} from "../interfaces/IVault.sol";
import {Holds} from "../libraries/Holds.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Bonds} from "./Bonds.sol";

/// @title Adding what a requester lacks, in the call that settles its order
abstract contract Covers is ICovers, Bonds {
    using SafeERC20 for IERC20;

    /// @inheritdoc ICovers
    function cover(ISettlements.Settlement calldata item, uint256 cumulativeHeld, bytes calldata holdSignature)
        external
        nonReentrant
    {
        TypedData.Order calldata order = item.order;
        bytes32 orderHash = _requireHold(item, cumulativeHeld, holdSignature);
        // Settling a claim takes nothing from the requester, who would keep the top-up.
        if (item.acceptanceSignature.length == 0) revert NotAccepted(orderHash);
        uint256 short = _requireShort(item, orderHash);
        _take(item.award.node, order.token, short);
        _topUp(order.requester, order.token, short);
        // Reverts for whatever the vault does not pay, and the top-up with it.
        IVault(VAULT).settleOne(item);
        emit Covered(orderHash, order.requester, item.award.node, order.token, short);
    }

    /// @inheritdoc ICovers
    function shortfallOf(ISettlements.Settlement calldata item) external view returns (uint256) {
        return _shortfall(item, _digest(TypedData.hashOrder(item.order)));
    }

    /// @dev What the operator promised, and to which order.
    function _requireHold(
        ISettlements.Settlement calldata item,
        uint256 cumulativeHeld,
        bytes calldata holdSignature
    ) internal view returns (bytes32 orderHash) {
        TypedData.Order calldata order = item.order;
        orderHash = _digest(TypedData.hashOrder(order));
        if (item.charge > cumulativeHeld) revert ChargeOverHold(item.charge, cumulativeHeld);
        bytes32 digest = _digest(Holds.hash(order.requester, order.token, orderHash, cumulativeHeld));
        address signer = Signers.recover(digest, holdSignature);
        // An unreadable signature recovers to zero, which is no vault's operator.
        if (signer != OPERATOR) revert NotHeld(orderHash, signer);
    }

    function _requireShort(ISettlements.Settlement calldata item, bytes32 orderHash)
        internal
        view
        returns (uint256 short)
    {
        short = _shortfall(item, orderHash);
        if (short == 0) revert NothingShort(orderHash);
    }

    function _topUp(address requester, address token, uint256 amount) internal {
        IERC20(token).forceApprove(VAULT, amount);
        IVault(VAULT).depositFor(requester, token, amount);
    }

    /// @dev Virtual so that a test can show what becomes of a bond when the claim's lock is forgotten.
    function _shortfall(ISettlements.Settlement calldata item, bytes32 orderHash)
        internal
        view
        virtual
        returns (uint256)
    {
        (address requester, address token) = (item.order.requester, item.order.token);
        uint256 reach = IVault(VAULT).balanceOf(requester, token);
        (uint256 waiting,) = IVault(VAULT).pendingWithdrawal(requester, token);
        IClaims.Claim memory claimed = IVault(VAULT).claimOf(orderHash);
        reach += waiting + claimed.charge + claimed.bond;
        return reach < item.charge ? item.charge - reach : 0;
    }
}
