// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPostedClaims} from "../src/interfaces/IPostedClaims.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {AcceptedFixture} from "./AcceptedFixture.sol";
import {vm} from "./Vm.sol";

/// @title Batches of claims, and what whoever reads the chain's logs can prove of them
abstract contract ClaimBatchFixture is AcceptedFixture {
    function _claimedBy(ISettlements.Settlement memory long, uint256 nodeKey, uint256 requesterKey)
        internal
        view
        returns (TypedData.ClaimedOrder memory item)
    {
        item.order = _shortBy(long, nodeKey, requesterKey);
        (item.order.requesterR, item.order.requesterVs) = _signShort(requesterKey, _orderHash(long.order));
        (item.operatorR, item.operatorVs) = _signShort(OPERATOR_KEY, _awardHash(long.award));
    }

    function _claimItem(ISettlements.Settlement memory long) internal view returns (TypedData.ClaimedOrder memory) {
        return _claimedBy(long, NODE_KEY, REQUESTER_KEY);
    }

    function _claimItems(uint256 count) internal view returns (TypedData.ClaimedOrder[] memory items) {
        items = new TypedData.ClaimedOrder[](count);
        for (uint256 i = 0; i < count; ++i) items[i] = _claimItem(_delivered(i + 1));
    }

    /// @dev As the operator does.
    function _post(TypedData.ClaimedOrder[] memory items) internal returns (bytes32 root) {
        vm.prank(OPERATOR);
        (root,) = batches.post(address(vault), address(token), items);
    }

    function _posted(uint256 count) internal returns (bytes32 root, IPostedClaims.PostedClaim[] memory claims) {
        TypedData.ClaimedOrder[] memory items = _claimItems(count);
        return (_post(items), _leaves(items));
    }

    function _leaves(TypedData.ClaimedOrder[] memory items)
        internal
        view
        returns (IPostedClaims.PostedClaim[] memory claims)
    {
        claims = new IPostedClaims.PostedClaim[](items.length);
        for (uint256 i = 0; i < items.length; ++i) claims[i] = _leafOf(items[i].order);
    }

    function _leafOf(TypedData.AcceptedOrder memory item) internal view returns (IPostedClaims.PostedClaim memory) {
        bytes32 orderHash = _hashOf(item);
        return IPostedClaims.PostedClaim({
            orderHash: orderHash,
            awardHash: _awardHash(
                TypedData.Award({
                    orderHash: orderHash,
                    roundHash: item.roundHash,
                    node: item.node,
                    payout: item.payout,
                    creator: item.creator,
                    price: item.price,
                    royalty: item.royalty
                })
            ),
            resultHash: item.resultHash,
            requester: item.requester,
            nonce: item.nonce,
            node: item.node,
            payout: item.payout,
            creator: item.creator,
            price: item.price,
            royalty: item.royalty,
            charge: item.price + item.price * FEE_BPS / 10_000
        });
    }

    /// @dev Pays all leaves of a batch.
    function _settleAll(bytes32 root, IPostedClaims.PostedClaim[] memory claims) internal {
        batches.settle(root, address(vault), address(token), claims, new bytes32[](0), _allOf(claims.length));
    }

    /// @dev Each pair is of two hashes made before, none of a proof's.
    function _allOf(uint256 count) internal pure returns (bool[] memory flags) {
        flags = new bool[](count == 0 ? 0 : count - 1);
        for (uint256 i = 0; i < flags.length; ++i) flags[i] = true;
    }

    function _settleOne(bytes32 root, IPostedClaims.PostedClaim[] memory claims, uint256 index) internal {
        bytes32[] memory proof = _proofOf(claims, index);
        IPostedClaims.PostedClaim[] memory one = new IPostedClaims.PostedClaim[](1);
        one[0] = claims[index];
        batches.settle(root, address(vault), address(token), one, proof, new bool[](proof.length));
    }

    function _challengeLeaf(bytes32 root, IPostedClaims.PostedClaim[] memory claims, uint256 index) internal {
        bytes32[] memory proof = _proofOf(claims, index);
        vm.prank(claims[index].requester);
        batches.challenge(root, address(vault), address(token), claims[index], proof);
    }

    function _proofOf(IPostedClaims.PostedClaim[] memory claims, uint256 index)
        internal
        view
        returns (bytes32[] memory proof)
    {
        uint256 count = claims.length;
        bytes32[] memory hashes = new bytes32[](2 * count - 1);
        for (uint256 i = 0; i < count; ++i) {
            hashes[i] = keccak256(abi.encode(address(vault), address(token), claims[i]));
        }
        for (uint256 i = 0; i + 1 < count; ++i) {
            (bytes32 left, bytes32 right) = (hashes[2 * i], hashes[2 * i + 1]);
            if (right < left) (left, right) = (right, left);
            hashes[count + i] = keccak256(abi.encode(left, right));
        }
        uint256 length;
        for (uint256 at = index; at + 1 < hashes.length; at = count + at / 2) ++length;
        proof = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) {
            proof[i] = hashes[index ^ 1];
            index = count + index / 2;
        }
    }
}
