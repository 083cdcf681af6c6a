// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

/// @title Accepted orders in short
abstract contract AcceptedFixture is MarketFixture {
    function _short(ISettlements.Settlement memory long) internal view returns (TypedData.AcceptedOrder memory) {
        return _shortBy(long, NODE_KEY, REQUESTER_KEY);
    }

    function _shortBy(ISettlements.Settlement memory long, uint256 nodeKey, uint256 requesterKey)
        internal
        view
        returns (TypedData.AcceptedOrder memory item)
    {
        item.requester = long.order.requester;
        item.taskHash = long.order.taskHash;
        item.maxPrice = long.order.maxPrice;
        item.feeCapBps = long.order.feeCapBps;
        item.royaltyCap = long.order.royaltyCap;
        item.deliverBy = long.order.deliverBy;
        item.settleBy = long.order.settleBy;
        item.nonce = long.order.nonce;
        item.resultKey = long.order.resultKey;
        item.roundHash = long.award.roundHash;
        item.node = long.award.node;
        item.payout = long.award.payout;
        item.creator = long.award.creator;
        item.price = long.award.price;
        item.royalty = long.award.royalty;
        item.resultHash = long.resultHash;
        (item.receiptR, item.receiptVs) = _signShort(nodeKey, _receiptHash(long));
        (item.requesterR, item.requesterVs) = _signShort(requesterKey, _acceptanceHash(long));
    }

    /// @dev As the operator does.
    function _settle(TypedData.AcceptedOrder memory item) internal {
        TypedData.AcceptedOrder[] memory items = new TypedData.AcceptedOrder[](1);
        items[0] = item;
        vm.prank(OPERATOR);
        vault.settleAccepted(address(token), items, "");
    }

    function _hashOf(TypedData.AcceptedOrder memory item) internal view returns (bytes32) {
        return _orderHash(
            TypedData.Order({
                requester: item.requester,
                operator: OPERATOR,
                token: address(token),
                taskHash: item.taskHash,
                maxPrice: item.maxPrice,
                feeCapBps: item.feeCapBps,
                royaltyCap: item.royaltyCap,
                deliverBy: item.deliverBy,
                settleBy: item.settleBy,
                nonce: item.nonce,
                resultKey: item.resultKey
            })
        );
    }

    function _batchDigest(bytes32[] memory awards) internal view returns (bytes32) {
        return _digest(keccak256(abi.encode(TypedData.AWARD_BATCH_TYPEHASH, keccak256(abi.encodePacked(awards)))));
    }

    function _signShort(uint256 key, bytes32 digest) internal pure returns (bytes32 r, bytes32 vs) {
        uint8 v;
        (v, r, vs) = vm.sign(key, digest);
        vs |= bytes32(uint256(v - 27) << 255);
    }
}
