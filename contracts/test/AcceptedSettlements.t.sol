// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAcceptedSettlements} from "../src/interfaces/IAcceptedSettlements.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {AcceptedDigests} from "../src/libraries/AcceptedDigests.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {AcceptedFixture} from "./AcceptedFixture.sol";
import {vm} from "./Vm.sol";

contract AcceptedSettlementsTest is AcceptedFixture {
    using AcceptedDigests for TypedData.AcceptedOrder;

    function test_accepted_orders_pay_as_they_do_the_long_way() public {
        ISettlements.Settlement memory long = _accepted(1);
        vm.expectEmit();
        emit IAcceptedSettlements.AcceptedSettled(
            _orderHash(long.order), REQUESTER, NODE, 45 * DOLLAR, 5 * DOLLAR
        );
        _settle(_short(long));
        vm.snapshotGasLastCall("settleAccepted, one");
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertEq(_balance(CREATOR), 5 * DOLLAR);
        assertEq(_balance(FEES), DOLLAR);
        assertTrue(vault.isSpent(REQUESTER, 1));
    }

    function test_order_settles_once_whichever_way() public {
        ISettlements.Settlement memory long = _accepted(1);
        TypedData.AcceptedOrder memory item = _short(long);
        _settle(item);
        _expectSkipped(item, IAcceptedSettlements.Refusal.Spent);
        _settle(item);
        vm.expectRevert();
        vault.settleOne(long);
        ISettlements.Settlement memory other = _accepted(2);
        vault.settleOne(other);
        item = _short(other);
        _expectSkipped(item, IAcceptedSettlements.Refusal.Spent);
        _settle(item);
        assertEq(_balance(REQUESTER), 898 * DOLLAR);
    }

    function test_bound_that_an_award_breaks_is_refused_though_all_signed() public {
        IAcceptedSettlements.Refusal bounds = IAcceptedSettlements.Refusal.Bounds;
        ISettlements.Settlement memory long = _unsigned(1);
        long.order.royaltyCap = 5 * DOLLAR - 1;
        _refused(long, bounds);
        long = _unsigned(1);
        long.award.royalty = 50 * DOLLAR + 1;
        long.order.royaltyCap = 100 * DOLLAR;
        _refused(long, bounds);
        long = _unsigned(1);
        long.order.feeCapBps = FEE_BPS - 1;
        _refused(long, bounds);
        long = _unsigned(1);
        long.order.maxPrice = 51 * DOLLAR - 1;
        _refused(long, bounds);
        long.order.maxPrice = 50 * DOLLAR - 1;
        _refused(long, bounds);
        long.order.maxPrice = uint256(type(uint128).max) + 1;
        _refused(long, bounds);
        long = _unsigned(1);
        long.order.settleBy = uint64(START) - 1;
        _refused(long, IAcceptedSettlements.Refusal.Late);
    }

    function test_award_that_pays_nobody_is_refused() public {
        ISettlements.Settlement memory long = _unsigned(1);
        long.award.payout = address(0);
        _refused(long, IAcceptedSettlements.Refusal.Parties);
        long = _unsigned(1);
        long.award.creator = address(0);
        _refused(long, IAcceptedSettlements.Refusal.Parties);
        long.award.royalty = 0;
        _settle(_short(_sign(long)));
        assertEq(_balance(PAYOUT), 50 * DOLLAR);
    }

    function test_receipt_must_be_the_nodes_and_acceptance_the_wallets() public {
        ISettlements.Settlement memory long = _accepted(1);
        _refuse(_shortBy(long, STRANGER_KEY, REQUESTER_KEY), IAcceptedSettlements.Refusal.Receipt);
        _refuse(_shortBy(long, NODE_KEY, STRANGER_KEY), IAcceptedSettlements.Refusal.Acceptance);
        _refuse(_shortBy(long, NODE_KEY, NODE_KEY), IAcceptedSettlements.Refusal.Acceptance);
        long.order.requester = address(0);
        TypedData.AcceptedOrder memory item = _short(_sign(long));
        item.requesterR = 0;
        _refuse(item, IAcceptedSettlements.Refusal.Acceptance);
    }

    function test_signature_has_no_second_form() public {
        TypedData.AcceptedOrder memory item = _short(_accepted(1));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        uint256 s = uint256(item.receiptVs) & (type(uint256).max >> 1);
        item.receiptVs = bytes32((order - s) | ((uint256(item.receiptVs) >> 255 ^ 1) << 255));
        _refuse(item, IAcceptedSettlements.Refusal.Receipt);
    }

    function test_session_keys_order_goes_the_long_way() public {
        ISettlements.Settlement memory long = _unsigned(1);
        long.session.key = SESSION;
        long.session.wallet = REQUESTER;
        long.session.token = address(token);
        long.session.maxPerOrder = 100 * DOLLAR;
        long.session.maxTotal = 100 * DOLLAR;
        long.session.expiresAt = uint64(START + 1 days);
        _sign(long);
        _refuse(_shortBy(long, NODE_KEY, SESSION_KEY), IAcceptedSettlements.Refusal.Acceptance);
        vault.settleOne(long);
        assertTrue(vault.isSpent(REQUESTER, 1));
    }

    function test_what_is_marked_settles_the_long_way() public {
        ISettlements.Settlement memory long = _accepted(1);
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        _refuse(_short(long), IAcceptedSettlements.Refusal.Marked);
        vault.settleOne(long);
        ISettlements.Settlement memory claimed = _accepted(2);
        vault.claimOne(claimed);
        _refuse(_short(claimed), IAcceptedSettlements.Refusal.Marked);
        vault.settleOne(claimed);
        assertEq(_balance(REQUESTER), 898 * DOLLAR);
        ISettlements.Settlement memory neighbour = _accepted(3);
        _settle(_short(neighbour));
        assertEq(_balance(REQUESTER), 847 * DOLLAR);
    }

    function test_what_only_a_pending_withdrawal_covers_settles_the_long_way() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 950 * DOLLAR);
        ISettlements.Settlement memory long = _accepted(1);
        _refuse(_short(long), IAcceptedSettlements.Refusal.Funds);
        vault.settleOne(long);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_skipped_item_keeps_no_other_from_settling() public {
        TypedData.AcceptedOrder[] memory items = new TypedData.AcceptedOrder[](3);
        for (uint256 i = 0; i < 3; ++i) items[i] = _short(_accepted(i));
        items[1].price += 1;
        vm.prank(OPERATOR);
        vault.settleAccepted(address(token), items, "");
        assertEq(_balance(REQUESTER), 898 * DOLLAR);
        assertEq(_balance(FEES), 2 * DOLLAR);
        assertTrue(vault.isSpent(REQUESTER, 0) && !vault.isSpent(REQUESTER, 1) && vault.isSpent(REQUESTER, 2));
    }

    function test_anyone_submits_what_the_operator_signed_and_nothing_else() public {
        TypedData.AcceptedOrder[] memory items = new TypedData.AcceptedOrder[](1);
        ISettlements.Settlement memory long = _accepted(1);
        items[0] = _short(long);
        bytes32[] memory awards = new bytes32[](1);
        awards[0] = _awardHash(long.award);
        bytes memory operatorsWord = _signWith(OPERATOR_KEY, _batchDigest(awards));
        vm.expectRevert();
        vm.prank(STRANGER);
        vault.settleAccepted(address(token), items, "");
        vm.expectRevert();
        vm.prank(STRANGER);
        vault.settleAccepted(address(token), items, _signWith(STRANGER_KEY, _batchDigest(awards)));
        ISettlements.Settlement memory diverted = _accepted(1);
        diverted.award.creator = STRANGER;
        items[0] = _short(_sign(diverted));
        vm.expectRevert();
        vm.prank(STRANGER);
        vault.settleAccepted(address(token), items, operatorsWord);
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
        items[0] = _short(long);
        vm.prank(STRANGER);
        vault.settleAccepted(address(token), items, operatorsWord);
        assertEq(_balance(CREATOR), 5 * DOLLAR);
    }

    /// @dev Whatever bit of a signed item is changed, nothing is paid.
    function testFuzz_altered_item_never_pays(uint256 word, uint8 bit) public {
        TypedData.AcceptedOrder[] memory items = new TypedData.AcceptedOrder[](1);
        items[0] = _short(_accepted(1));
        bytes memory data = abi.encodeCall(vault.settleAccepted, (address(token), items, bytes("")));
        // The selector, token, two offsets, the length, and the item's twenty words.
        uint256 start = 4 + 32 * (4 + word % 20);
        assembly ("memory-safe") {
            let place := add(add(data, 0x20), start)
            mstore(place, xor(mload(place), shl(bit, 1)))
        }
        vm.prank(OPERATOR);
        (bool done,) = address(vault).call(data);
        done;
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
        assertTrue(!vault.isSpent(REQUESTER, 1));
    }

    /// @dev The short way signs nothing of its own: its digests are those of the long way's messages.
    function testFuzz_digests_are_those_of_the_long_way(
        TypedData.Order calldata order,
        TypedData.Award calldata award,
        bytes32 resultHash
    ) public view {
        ISettlements.Settlement memory long;
        long.order = order;
        long.award = award;
        long.award.orderHash = _orderHash(order);
        long.resultHash = resultHash;
        this.checkDigests(_shortBy(long, NODE_KEY, REQUESTER_KEY), long);
    }

    function checkDigests(TypedData.AcceptedOrder calldata item, ISettlements.Settlement calldata long) external view {
        bytes32 domain = _domain();
        bytes32 orderHash = item.orderDigest(domain, long.order.operator, long.order.token);
        bytes32 awardHash = item.awardDigest(domain, orderHash);
        assertTrue(orderHash == _orderHash(long.order));
        assertTrue(awardHash == _awardHash(long.award));
        assertTrue(item.receiptDigest(domain, awardHash) == _receiptHash(long));
        assertTrue(item.acceptanceDigest(domain, orderHash) == _acceptanceHash(long));
    }

    function _refused(ISettlements.Settlement memory long, IAcceptedSettlements.Refusal refusal) private {
        _refuse(_short(_sign(long)), refusal);
    }

    function _refuse(TypedData.AcceptedOrder memory item, IAcceptedSettlements.Refusal refusal) private {
        uint256 before = _balance(REQUESTER);
        _expectSkipped(item, refusal);
        _settle(item);
        assertEq(_balance(REQUESTER), before);
    }

    function _expectSkipped(TypedData.AcceptedOrder memory item, IAcceptedSettlements.Refusal refusal) private {
        bytes memory reason = abi.encodeWithSelector(IAcceptedSettlements.NotAccepted.selector, refusal);
        vm.expectEmit();
        emit ISettlements.SettlementSkipped(_hashOf(item), OPERATOR, reason);
    }
}
