// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccounts} from "../src/interfaces/IAccounts.sol";
import {IClaims} from "../src/interfaces/IClaims.sol";
import {IOrders} from "../src/interfaces/IOrders.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

contract ClaimsTest is MarketFixture {
    function _claimed(uint256 nonce) private returns (ISettlements.Settlement memory item, bytes32 orderHash) {
        item = _delivered(nonce);
        orderHash = _orderHash(item.order);
        vault.claimOne(item);
    }

    function _challenged() private returns (ISettlements.Settlement memory item, bytes32 orderHash) {
        (item, orderHash) = _claimed(1);
        vm.prank(REQUESTER);
        vault.challenge(orderHash);
    }

    function test_unchallenged_claim_pays_after_its_window_and_not_before() public {
        ISettlements.Settlement memory item = _delivered(1);
        bytes32 orderHash = _orderHash(item.order);
        vm.expectEmit();
        emit IClaims.Claimed(orderHash, REQUESTER, NODE, 51 * DOLLAR, START + CHALLENGE_WINDOW);
        vault.claimOne(item);
        vm.snapshotGasLastCall("claimOne");
        vm.warp(START + CHALLENGE_WINDOW - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaims.NotPayable.selector,
                orderHash,
                IClaims.ClaimState.Open,
                START + CHALLENGE_WINDOW,
                START + CHALLENGE_WINDOW - 1
            )
        );
        vault.settleOne(item);
        vm.warp(START + CHALLENGE_WINDOW);
        vault.settleOne(item);
        vm.snapshotGasLastCall("settleOne, claimed");
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertEq(_balance(CREATOR) + _balance(FEES), 6 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(IOrders.NonceSpent.selector, REQUESTER, 1));
        vault.settleOne(item);
    }

    function test_claim_needs_every_signature_but_the_acceptance() public {
        ISettlements.Settlement memory item = _delivered(1);
        item.receiptSignature = _signWith(STRANGER_KEY, _receiptHash(item));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.Receipt, NODE, vm.addr(STRANGER_KEY)
            )
        );
        vault.claimOne(item);
        item = _delivered(1);
        item.operatorSignature = _signWith(NODE_KEY, _awardHash(item.award));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.OperatorAward, OPERATOR, NODE
            )
        );
        vault.claimOne(item);
    }

    function test_claim_is_refused_after_settleBy_and_twice() public {
        (ISettlements.Settlement memory item, bytes32 orderHash) = _claimed(1);
        vm.expectRevert(
            abi.encodeWithSelector(IClaims.AlreadyClaimed.selector, orderHash, _awardHash(item.award))
        );
        vault.claimOne(item);
        item = _delivered(2);
        vm.warp(item.order.settleBy + 1);
        vm.expectRevert();
        vault.claimOne(item);
    }

    function test_claim_locks_its_charge_so_that_no_withdrawal_outruns_it() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 1_000 * DOLLAR);
        (ISettlements.Settlement memory item,) = _claimed(1);
        vm.warp(START + WITHDRAW_DELAY);
        vault.completeWithdrawal(REQUESTER, address(token));
        assertEq(token.balanceOf(REQUESTER), 949 * DOLLAR);
        vault.settleOne(item);
        assertTrue(vault.isSpent(REQUESTER, 1));
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_claimed_order_pays_only_the_claimed_award_and_result() public {
        (, bytes32 orderHash) = _claimed(1);
        vm.warp(START + CHALLENGE_WINDOW);
        ISettlements.Settlement memory other = _unsigned(1);
        other.award.payout = STRANGER;
        _sign(other);
        other.acceptanceSignature = "";
        bytes32 claimed = vault.claimOf(orderHash).awardHash;
        vm.expectRevert(abi.encodeWithSelector(IClaims.OtherClaim.selector, orderHash, claimed));
        vault.settleOne(other);
        other = _unsigned(1);
        other.resultHash = keccak256("another result");
        _sign(other);
        other.acceptanceSignature = "";
        vm.expectRevert(abi.encodeWithSelector(IClaims.OtherClaim.selector, orderHash, claimed));
        vault.settleOne(other);
    }

    function test_acceptance_after_the_claim_settles_at_once() public {
        (ISettlements.Settlement memory item, bytes32 orderHash) = _challenged();
        item.acceptanceSignature = _signWith(REQUESTER_KEY, _acceptanceHash(item));
        vm.expectEmit();
        emit IClaims.ClaimReleased(orderHash, REQUESTER, 51 * DOLLAR, 5_100_000);
        vault.settleOne(item);
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_only_the_requester_challenges_with_a_bond_within_the_window() public {
        (, bytes32 orderHash) = _claimed(1);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IClaims.OnlyRequester.selector, STRANGER, REQUESTER));
        vault.challenge(orderHash);
        vm.expectRevert(abi.encodeWithSelector(IClaims.NotClaimed.selector, bytes32("nothing")));
        vault.challenge(bytes32("nothing"));
        vm.warp(START + CHALLENGE_WINDOW);
        vm.prank(REQUESTER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaims.NotChallengeable.selector,
                orderHash,
                IClaims.ClaimState.Open,
                START + CHALLENGE_WINDOW,
                START + CHALLENGE_WINDOW
            )
        );
        vault.challenge(orderHash);
        vm.warp(START + CHALLENGE_WINDOW - 1);
        vm.prank(REQUESTER);
        vault.challenge(orderHash);
        assertEq(_balance(REQUESTER), 949 * DOLLAR - 5_100_000);
        vm.prank(REQUESTER);
        vm.expectRevert();
        vault.challenge(orderHash);
    }

    function test_challenge_without_the_bond_is_refused() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 945 * DOLLAR);
        vm.warp(START + WITHDRAW_DELAY);
        vault.completeWithdrawal(REQUESTER, address(token));
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.settleBy = uint64(START + 1 days);
        _sign(item);
        vault.claimOne(item);
        vm.prank(REQUESTER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccounts.InsufficientBalance.selector, REQUESTER, address(token), 4 * DOLLAR, 5_100_000
            )
        );
        vault.challenge(_orderHash(item.order));
    }

    function test_challenged_claim_waits_for_the_ruling() public {
        (ISettlements.Settlement memory item, bytes32 orderHash) = _challenged();
        vm.warp(START + CHALLENGE_WINDOW + 20 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaims.NotPayable.selector,
                orderHash,
                IClaims.ClaimState.Challenged,
                START + CHALLENGE_WINDOW,
                START + CHALLENGE_WINDOW + 20 days
            )
        );
        vault.settleOne(item);
    }

    function test_ruling_to_pay_pays_the_node_and_the_bond() public {
        (ISettlements.Settlement memory item, bytes32 orderHash) = _challenged();
        vm.prank(ARBITER);
        vault.rule(orderHash, true);
        vault.settleOne(item);
        assertEq(_balance(PAYOUT), 45 * DOLLAR + 5_100_000);
        assertEq(_balance(REQUESTER), 949 * DOLLAR - 5_100_000);
    }

    function test_ruling_to_refund_gives_all_back_and_voids_the_award_for_ever() public {
        (ISettlements.Settlement memory item, bytes32 orderHash) = _challenged();
        vm.prank(ARBITER);
        vault.rule(orderHash, false);
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
        assertTrue(vault.voided(_awardHash(item.award)));
        vm.expectRevert(abi.encodeWithSelector(IClaims.NotClaimed.selector, orderHash));
        vault.settleOne(item);
        vm.expectRevert(abi.encodeWithSelector(ISettlements.AwardVoided.selector, _awardHash(item.award)));
        vault.claimOne(item);
        item.acceptanceSignature = _signWith(REQUESTER_KEY, _acceptanceHash(item));
        vm.expectRevert(abi.encodeWithSelector(ISettlements.AwardVoided.selector, _awardHash(item.award)));
        vault.settleOne(item);
    }

    function test_refunded_order_can_still_be_owed_to_the_node_that_replaced_the_first() public {
        _challenged();
        ISettlements.Settlement memory second = _unsigned(1);
        second.award.roundHash = keccak256("supplement");
        _sign(second);
        vm.prank(ARBITER);
        vault.rule(_orderHash(second.order), false);
        vault.settleOne(second);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_requester_and_operator_cannot_take_back_what_a_claims_node_is_owed() public {
        (, bytes32 orderHash) = _claimed(1);
        ISettlements.Settlement memory second = _unsigned(1);
        second.award.roundHash = keccak256("supplement");
        second.award.payout = STRANGER;
        _sign(second);
        bytes memory other =
            abi.encodeWithSelector(IClaims.OtherClaim.selector, orderHash, vault.claimOf(orderHash).awardHash);
        vm.warp(START + 10 minutes);
        vm.prank(REQUESTER);
        vault.challenge(orderHash);
        vm.prank(ARBITER);
        vault.rule(orderHash, true);
        vm.expectRevert(other);
        vault.settleOne(second);
    }

    function test_unchallenged_claim_is_owed_before_an_award_accepted_later() public {
        ISettlements.Settlement memory second = _unsigned(1);
        second.order.settleBy = uint64(START + 1 days);
        ISettlements.Settlement memory first = _sign(second);
        vault.claimOne(first);
        bytes32 firstAward = _awardHash(first.award);
        second.award.roundHash = keccak256("supplement");
        _sign(second);
        vm.warp(START + CHALLENGE_WINDOW);
        vm.expectRevert(
            abi.encodeWithSelector(IClaims.OtherClaim.selector, _orderHash(second.order), firstAward)
        );
        vault.settleOne(second);
    }

    function test_undecided_claim_gives_way_to_the_award_the_requester_accepts() public {
        _claimed(1);
        ISettlements.Settlement memory second = _unsigned(1);
        second.award.roundHash = keccak256("supplement");
        _sign(second);
        vault.settleOne(second);
        assertTrue(vault.isSpent(REQUESTER, 1));
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
    }

    function test_only_the_arbiter_rules_and_only_on_challenges() public {
        (, bytes32 orderHash) = _claimed(1);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(IClaims.OnlyArbiter.selector, OPERATOR));
        vault.rule(orderHash, true);
        vm.prank(ARBITER);
        vm.expectRevert(
            abi.encodeWithSelector(IClaims.NotChallenged.selector, orderHash, IClaims.ClaimState.Open)
        );
        vault.rule(orderHash, true);
    }

    function test_challenge_nobody_rules_on_is_refunded_after_the_ruling_window() public {
        (, bytes32 orderHash) = _challenged();
        vm.warp(START + 30 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IClaims.RulingStillOpen.selector, START + 30 days, START + 30 days - 1)
        );
        vault.lapse(orderHash);
        vm.warp(START + 30 days);
        vault.lapse(orderHash);
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
    }

    function test_bad_claim_is_skipped_and_the_rest_of_its_batch_recorded() public {
        ISettlements.Settlement[] memory items = new ISettlements.Settlement[](2);
        (items[0], items[1]) = (_delivered(1), _delivered(2));
        items[0].charge -= 1;
        vm.expectEmit();
        emit IClaims.ClaimSkipped(
            _orderHash(items[0].order),
            address(this),
            abi.encodeWithSelector(ISettlements.WrongCharge.selector, 51 * DOLLAR, 51 * DOLLAR - 1)
        );
        vault.claim(items);
        assertTrue(vault.claimOf(_orderHash(items[0].order)).state == IClaims.ClaimState.None);
        assertTrue(vault.claimOf(_orderHash(items[1].order)).state == IClaims.ClaimState.Open);
    }

    function test_acceptance_after_a_ruling_to_pay_pays_the_bond_out_only_once() public {
        (ISettlements.Settlement memory item, bytes32 orderHash) = _challenged();
        vm.prank(ARBITER);
        vault.rule(orderHash, true);
        item.acceptanceSignature = _signWith(REQUESTER_KEY, _acceptanceHash(item));
        vault.settleOne(item);
        assertEq(_balance(PAYOUT), 45 * DOLLAR + 5_100_000);
        assertEq(_balance(REQUESTER), 949 * DOLLAR - 5_100_000);
    }

    function test_claim_uses_its_orders_nonce_up_even_when_it_is_refunded() public {
        (, bytes32 orderHash) = _challenged();
        ISettlements.Settlement memory other = _unsigned(1);
        other.order.taskHash = keccak256("another task");
        _sign(other);
        bytes memory used = abi.encodeWithSelector(IOrders.NonceClaimed.selector, REQUESTER, 1, orderHash);
        vm.expectRevert(used);
        vault.settleOne(other);
        vm.prank(ARBITER);
        vault.rule(orderHash, false);
        vm.expectRevert(used);
        vault.claimOne(other);
    }

    function test_order_whose_cancellation_took_effect_cannot_be_claimed() public {
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        ISettlements.Settlement memory item = _unsigned(1);
        item.order.settleBy = uint64(START + 1 days);
        _sign(item);
        vm.warp(START + WITHDRAW_DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.OrderIsCancelled.selector, REQUESTER, 1, START + WITHDRAW_DELAY)
        );
        vault.claimOne(item);
    }

    function test_cancelling_does_not_take_a_claim_back() public {
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        (ISettlements.Settlement memory item,) = _claimed(1);
        vm.warp(START + WITHDRAW_DELAY);
        vault.settleOne(item);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }
}
