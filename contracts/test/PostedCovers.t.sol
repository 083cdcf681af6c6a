// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAcceptedSettlements} from "../src/interfaces/IAcceptedSettlements.sol";
import {IClaimBatches} from "../src/interfaces/IClaimBatches.sol";
import {ICovers} from "../src/interfaces/ICovers.sol";
import {IBonds} from "../src/interfaces/IBonds.sol";
import {IPostedClaims} from "../src/interfaces/IPostedClaims.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {BondFixture} from "./BondFixture.sol";
import {vm} from "./Vm.sol";

/// @title Covers for posted claims
contract PostedCoversTest is BondFixture {
    function setUp() public override {
        super.setUp();
        _post(EVERY_NODE, 200 * DOLLAR);
        _leaveRequester(11 * DOLLAR);
    }

    function test_a_short_requester_that_accepts_nothing_does_not_cost_the_node_its_pay() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _postLong(3);
        vm.warp(block.timestamp + CHALLENGE_WINDOW);
        ICovers.PostedLeaf memory leaf = _posted(root, claims, 1);
        bytes memory signature = _holdOf(2);
        vm.expectEmit();
        emit ICovers.Covered(leaf.claim.orderHash, REQUESTER, NODE, address(token), 40 * DOLLAR);
        bonds.coverPosted(leaf, HELD, signature);
        vm.snapshotGasLastCall("cover a posted claim");
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertEq(_balance(CREATOR), 5 * DOLLAR);
        assertEq(_balance(REQUESTER), 0);
        assertEq(_staying(EVERY_NODE), 160 * DOLLAR);
        assertTrue(vault.isSpent(REQUESTER, 2));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICovers.NotPaid.selector, leaf.claim.orderHash, IAcceptedSettlements.Refusal.Spent
            )
        );
        bonds.coverPosted(leaf, HELD, signature);
        assertEq(_staying(EVERY_NODE), 160 * DOLLAR);
    }

    function test_a_claim_alone_that_gives_way_is_counted() public {
        _deposit(REQUESTER, 40 * DOLLAR);
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _postLong(1);
        vault.claimOne(_longDelivered(1));
        vm.warp(block.timestamp + CHALLENGE_WINDOW);
        _expectRevert(
            _posted(root, claims, 0), 1, abi.encodeWithSelector(ICovers.NothingShort.selector, claims[0].orderHash)
        );
        _settleOne(root, claims, 0);
        assertEq(_balance(REQUESTER), 0);
        assertEq(_staying(EVERY_NODE), 200 * DOLLAR);
    }

    function test_nothing_is_paid_before_the_window_is_over() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _postLong(1);
        uint256 payableAt = block.timestamp + CHALLENGE_WINDOW;
        vm.warp(payableAt - 1);
        _expectRevert(
            _posted(root, claims, 0),
            1,
            abi.encodeWithSelector(IClaimBatches.BatchNotPayable.selector, root, payableAt, payableAt - 1)
        );
    }

    function test_no_leaf_is_made_up() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _postLong(2);
        vm.warp(block.timestamp + CHALLENGE_WINDOW);
        ICovers.PostedLeaf memory leaf = _posted(root, claims, 0);
        leaf.claim.payout = STRANGER;
        _expectRevert(leaf, 1, abi.encodeWithSelector(IClaimBatches.NotInBatch.selector, root));
        leaf = _posted(keccak256("root"), claims, 0);
        _expectRevert(leaf, 1, abi.encodeWithSelector(IClaimBatches.NotPosted.selector, leaf.root));
        assertEq(_staying(EVERY_NODE), 200 * DOLLAR);
        assertEq(_balance(REQUESTER), 11 * DOLLAR);
    }

    function test_an_award_that_is_voided_is_not_paid_and_tops_nobody_up() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _postLong(1);
        ISettlements.Settlement memory item = _longDelivered(1);
        vm.prank(OPERATOR);
        nodes.slash(_slashEvidence(item), PROVIDER, 0, 0);
        vm.warp(block.timestamp + CHALLENGE_WINDOW);
        _expectRevert(
            _posted(root, claims, 0),
            1,
            abi.encodeWithSelector(
                ICovers.NotPaid.selector, claims[0].orderHash, IAcceptedSettlements.Refusal.Marked
            )
        );
        assertEq(_balance(REQUESTER), 11 * DOLLAR);
    }

    function test_a_posted_claim_needs_its_own_hold_and_a_bond_that_does() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _postLong(2);
        vm.warp(block.timestamp + CHALLENGE_WINDOW);
        ICovers.PostedLeaf memory leaf = _posted(root, claims, 0);
        bytes memory ofOther = _holdOf(2);
        vm.expectPartialRevert(ICovers.NotHeld.selector);
        bonds.coverPosted(leaf, HELD, ofOther);
        vm.prank(OPERATOR);
        bonds.requestWithdrawal(EVERY_NODE, address(token), 161 * DOLLAR);
        vm.warp(block.timestamp + WITHDRAW_DELAY + CHALLENGE_WINDOW);
        bonds.completeWithdrawal(EVERY_NODE, address(token));
        _expectRevert(
            leaf,
            1,
            abi.encodeWithSelector(IBonds.BondTooSmall.selector, NODE, address(token), 39 * DOLLAR, 40 * DOLLAR)
        );
    }

    /// @dev The last claim that an order admitted today can have is payable before a bond asked back today has left.
    function test_a_bond_outlasts_the_claims_of_orders_it_stood_for() public {
        ISettlements.Settlement memory item = _longDelivered(1);
        item.order.settleBy = uint64(block.timestamp + WITHDRAW_DELAY - CHALLENGE_WINDOW);
        item = _sign(item);
        vm.prank(OPERATOR);
        bonds.requestWithdrawal(EVERY_NODE, address(token), 200 * DOLLAR);
        vm.warp(item.order.settleBy);
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _postOne(item);
        vm.warp(block.timestamp + CHALLENGE_WINDOW);
        vm.expectPartialRevert(IBonds.StillLocked.selector);
        bonds.completeWithdrawal(EVERY_NODE, address(token));
        bytes memory signature = _holdSignature(OPERATOR_KEY, item, HELD);
        bonds.coverPosted(_posted(root, claims, 0), HELD, signature);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function testFuzz_the_bond_adds_exactly_what_lacks(uint256 left, uint8 count, uint8 index) public {
        _leaveRequester(0);
        left = _bound(left, 0, 50 * DOLLAR);
        if (left != 0) _deposit(REQUESTER, left);
        uint256 size = _bound(count, 1, 9);
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _postLong(size);
        vm.warp(block.timestamp + CHALLENGE_WINDOW);
        uint256 place = index % size;
        bytes memory signature = _holdOf(place + 1);
        bonds.coverPosted(_posted(root, claims, place), HELD, signature);
        assertEq(_staying(EVERY_NODE), 200 * DOLLAR - (51 * DOLLAR - left));
        assertEq(_balance(REQUESTER), 0);
    }

    function _postOne(ISettlements.Settlement memory item)
        private
        returns (bytes32 root, IPostedClaims.PostedClaim[] memory claims)
    {
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](1);
        items[0] = _claimItem(item);
        return (_post(items), _leaves(items));
    }

    function _holdOf(uint256 nonce) private view returns (bytes memory) {
        return _holdSignature(OPERATOR_KEY, _long(nonce), HELD);
    }

    function _expectRevert(ICovers.PostedLeaf memory leaf, uint256 nonce, bytes memory reason) private {
        bytes memory signature = _holdOf(nonce);
        vm.expectRevert(reason);
        bonds.coverPosted(leaf, HELD, signature);
    }
}
