// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What a settlement costs is measured (BatchGas): its bounds are compared word by word.
// solhint-disable no-inline-assembly

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IAcceptedSettlements} from "../interfaces/IAcceptedSettlements.sol";
import {AcceptedDigests} from "../libraries/AcceptedDigests.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Claims} from "./Claims.sol";

/// @title The short way for accepted orders
/// @dev Of storage an item touches three balances and one word of its requester's nonces; the fees, and the list of what
/// was paid, are written once for all.
abstract contract AcceptedSettlements is IAcceptedSettlements, Claims {
    using AcceptedDigests for TypedData.AcceptedOrder;

    /// @inheritdoc IAcceptedSettlements
    function settleAccepted(
        address token,
        TypedData.AcceptedOrder[] calldata items,
        bytes calldata operatorSignature
    ) external nonReentrant {
        bytes32 domain = _domainSeparatorV4();
        if (msg.sender != OPERATOR) _requireOperatorsWord(token, items, domain, operatorSignature);
        bytes32[] memory paid = new bytes32[](items.length);
        uint256 fees;
        for (uint256 i = 0; i < items.length; ++i) {
            uint256 fee;
            (paid[i], fee) = _settleAccepted(items[i], domain, token);
            unchecked {
                fees += fee;
            }
        }
        _credit(FEE_RECIPIENT, token, fees);
        _recordPaid(paid);
    }

    /// @inheritdoc IAcceptedSettlements
    function refusalOf(address token, TypedData.AcceptedOrder calldata item) external view returns (Refusal refusal) {
        bytes32 domain = _domainSeparatorV4();
        bytes32 orderHash = item.orderDigest(domain, OPERATOR, token);
        uint256 fee;
        (refusal, fee) = _feeWithin(item);
        if (refusal == Refusal.None) {
            refusal = _judgeSignatures(item, domain, orderHash, item.awardDigest(domain, orderHash));
        }
        if (refusal != Refusal.None) return refusal;
        if (item.price + fee > _balances[token][item.requester]) return Refusal.Funds;
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
    function _settleAccepted(TypedData.AcceptedOrder calldata item, bytes32 domain, address token)
        private
        returns (bytes32 awardHash, uint256 fee)
    {
        bytes32 orderHash = item.orderDigest(domain, OPERATOR, token);
        awardHash = item.awardDigest(domain, orderHash);
        Refusal refusal;
        (refusal, fee) = _feeWithin(item);
        if (refusal == Refusal.None) refusal = _judgeSignatures(item, domain, orderHash, awardHash);
        if (refusal == Refusal.None) refusal = _pay(item, _balances[token], orderHash, fee);
        if (refusal != Refusal.None) {
            (awardHash, fee) = (0, 0);
            emit SettlementSkipped(orderHash, msg.sender, abi.encodeWithSelector(NotAccepted.selector, refusal));
        }
    }

    /// @dev The fee, and whether the award is within every bound of its order. Word by word, since in Solidity the ten
    /// comparisons cost as much as a signature's digest; a price whose fee would overflow is over any maximum there is.
    function _feeWithin(TypedData.AcceptedOrder calldata item) private view returns (Refusal refusal, uint256 fee) {
        uint256 feeBps = FEE_BPS;
        assembly ("memory-safe") {
            let maxPrice := calldataload(add(item, 0x40))
            let price := calldataload(add(item, 0x1a0))
            let royalty := calldataload(add(item, 0x1c0))
            fee := div(mul(price, feeBps), 10000)
            // After settleBy.
            if gt(timestamp(), calldataload(add(item, 0xc0))) { refusal := 3 }
            // Over 128 bits, the maximum, the price, the royalty's cap or the fee's.
            let over := or(shr(128, maxPrice), or(gt(price, maxPrice), gt(add(price, fee), maxPrice)))
            over := or(over, or(gt(royalty, price), gt(royalty, calldataload(add(item, 0x80)))))
            if or(over, gt(feeBps, calldataload(add(item, 0x60)))) { refusal := 2 }
            // Nobody to pay.
            let noCreator := iszero(calldataload(add(item, 0x180)))
            let noPayout := iszero(calldataload(add(item, 0x160)))
            if or(noPayout, and(noCreator, iszero(iszero(royalty)))) { refusal := 1 }
        }
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
        bool isAccepted = Signers.isSigner(item.requester, digest, item.acceptanceR, item.acceptanceVs);
        return isAccepted ? Refusal.None : Refusal.Acceptance;
    }

    /// @dev A maximum of 128 bits bounds what is taken, and all there is of a token what is added.
    function _pay(
        TypedData.AcceptedOrder calldata item,
        mapping(address owner => uint256) storage balances,
        bytes32 orderHash,
        uint256 fee
    ) private returns (Refusal) {
        address requester = item.requester;
        (uint256 payment, uint256 royalty) = (item.price, item.royalty);
        uint256 balance = balances[requester];
        unchecked {
            if (payment + fee > balance) return Refusal.Funds;
            uint256 before = _spendPlain(requester, item.nonce);
            if (before != 0) return before & SPENT != 0 ? Refusal.Spent : Refusal.Marked;
            balances[requester] = balance - payment - fee;
            payment -= royalty;
            balances[item.payout] += payment;
            if (royalty != 0) balances[item.creator] += royalty;
        }
        emit AcceptedSettled(orderHash, requester, item.node, payment, royalty);
        return Refusal.None;
    }
}
