// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What a settlement costs is measured (BatchGas): its event is put together word by word.
// solhint-disable no-inline-assembly

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IAcceptedSettlements} from "../interfaces/IAcceptedSettlements.sol";
import {AcceptedBounds} from "../libraries/AcceptedBounds.sol";
import {AcceptedDigests} from "../libraries/AcceptedDigests.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Claims} from "./Claims.sol";

/// @title The short way for accepted orders
/// @dev Of storage an item touches three balances and one word of its requester's nonces; the fees, and the list of what
/// was paid, are written once for all.
abstract contract AcceptedSettlements is IAcceptedSettlements, Claims {
    using AcceptedBounds for TypedData.AcceptedOrder;
    using AcceptedDigests for TypedData.AcceptedOrder;

    /// @inheritdoc IAcceptedSettlements
    function settleAccepted(
        address token,
        TypedData.AcceptedOrder[] calldata items,
        bytes calldata operatorSignature
    ) external nonReentrant {
        bytes32 domain = _domain();
        if (msg.sender != OPERATOR) _requireOperatorsWord(token, items, domain, operatorSignature);
        bytes32[] memory paid = new bytes32[](items.length);
        mapping(address owner => Balance) storage balances = _balances[token];
        uint256 fees;
        for (uint256 i = 0; i < items.length; ++i) {
            uint256 fee;
            (paid[i], fee) = _settleAccepted(items[i], domain, token, balances);
            unchecked {
                fees += fee;
            }
        }
        _credit(FEE_RECIPIENT, token, fees);
        _recordPaid(paid);
    }

    /// @inheritdoc IAcceptedSettlements
    function refusalOf(address token, TypedData.AcceptedOrder calldata item) external view returns (Refusal refusal) {
        bytes32 domain = _domain();
        bytes32 orderHash = item.orderDigest(domain, OPERATOR, token);
        uint256 fee;
        (refusal, fee) = item.feeWithin(FEE_BPS);
        if (refusal == Refusal.None) {
            refusal = _judgeSignatures(item, domain, orderHash, item.awardDigest(domain, orderHash));
        }
        if (refusal != Refusal.None) return refusal;
        if (item.price + fee > _balances[token][item.requester].amount) return Refusal.Funds;
        (bool spent, bool marked) = _nonceState(item.requester, item.nonce);
        if (spent) return Refusal.Spent;
        return marked ? Refusal.Marked : Refusal.None;
    }

    function _requireOperatorsWord(
        address token,
        TypedData.AcceptedOrder[] calldata items,
        bytes32 domain,
        bytes calldata operatorSignature
    ) private view {
        bytes32[] memory awards = new bytes32[](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            awards[i] = items[i].awardDigest(domain, items[i].orderDigest(domain, OPERATOR, token));
        }
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, TypedData.hashAwardBatch(awards));
        Signers.requireSigner(Signed.AwardBatch, OPERATOR, digest, operatorSignature);
    }

    /// @dev An item that is skipped pays nothing: neither award nor fee.
    function _settleAccepted(
        TypedData.AcceptedOrder calldata item,
        bytes32 domain,
        address token,
        mapping(address owner => Balance) storage balances
    ) private returns (bytes32 awardHash, uint256 fee) {
        bytes32 orderHash = item.orderDigest(domain, OPERATOR, token);
        awardHash = item.awardDigest(domain, orderHash);
        Refusal refusal;
        (refusal, fee) = item.feeWithin(FEE_BPS);
        if (refusal == Refusal.None) refusal = _judgeSignatures(item, domain, orderHash, awardHash);
        if (refusal == Refusal.None) refusal = _pay(item, balances, orderHash, fee);
        if (refusal != Refusal.None) {
            (awardHash, fee) = (0, 0);
            _skip(orderHash, msg.sender, refusal);
        }
    }

    function _skip(bytes32 orderHash, address submitter, Refusal refusal) internal {
        emit SettlementSkipped(orderHash, submitter, abi.encodeWithSelector(NotAccepted.selector, refusal));
    }

    function _judgeSignatures(
        TypedData.AcceptedOrder calldata item,
        bytes32 domain,
        bytes32 orderHash,
        bytes32 awardHash
    ) private view returns (Refusal) {
        bytes32 digest = item.receiptDigest(domain, awardHash);
        if (!Signers.isSigner(item.node, digest, item.receiptR, item.receiptVs)) return Refusal.Receipt;
        digest = item.acceptanceDigest(domain, orderHash);
        bool isAccepted = Signers.isSigner(item.requester, digest, item.requesterR, item.requesterVs);
        return isAccepted ? Refusal.None : Refusal.Acceptance;
    }

    /// @dev A maximum of 128 bits bounds what is taken, and all there is of a token what is added.
    function _pay(
        TypedData.AcceptedOrder calldata item,
        mapping(address owner => Balance) storage balances,
        bytes32 orderHash,
        uint256 fee
    ) private returns (Refusal) {
        address requester = item.requester;
        (uint256 payment, uint256 royalty) = (item.price, item.royalty);
        Balance storage account = balances[requester];
        uint256 balance = account.amount;
        unchecked {
            if (payment + fee > balance) return Refusal.Funds;
            uint256 before = _spendPlain(requester, item.nonce);
            if (before != 0) return before & SPENT != 0 ? Refusal.Spent : Refusal.Marked;
            account.amount = balance - payment - fee;
            payment -= royalty;
            balances[item.payout].amount += payment;
            if (royalty != 0) balances[item.creator].amount += royalty;
        }
        _emitSettled(item, orderHash, payment);
        return Refusal.None;
    }

    /// @dev AcceptedSettled, put together word by word.
    function _emitSettled(TypedData.AcceptedOrder calldata item, bytes32 orderHash, uint256 payment) private {
        bytes32 topic = AcceptedSettled.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, calldataload(add(item, 0x140)))
            mstore(add(free, 0x20), payment)
            mstore(add(free, 0x40), calldataload(add(item, 0x1c0)))
            log3(free, 0x60, topic, orderHash, calldataload(item))
        }
    }
}
