// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vault} from "../src/Vault.sol";
import {IAcceptedSettlements} from "../src/interfaces/IAcceptedSettlements.sol";
import {IClaimBatches} from "../src/interfaces/IClaimBatches.sol";
import {IClaims} from "../src/interfaces/IClaims.sol";
import {IOrders} from "../src/interfaces/IOrders.sol";
import {IPostedClaims} from "../src/interfaces/IPostedClaims.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {IVaultParameters} from "../src/interfaces/IVaultParameters.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {ClaimBatchFixture} from "./ClaimBatchFixture.sol";
import {vm} from "./Vm.sol";

contract ClaimBatchesTest is ClaimBatchFixture {
    uint256 private constant PAYABLE_AT = START + CHALLENGE_WINDOW;

    function _expectSkipped(bytes32 orderHash, IAcceptedSettlements.Refusal refusal) private {
        vm.expectEmit();
        emit ISettlements.SettlementSkipped(
            orderHash, address(this), abi.encodeWithSelector(IAcceptedSettlements.NotAccepted.selector, refusal)
        );
    }

    function test_a_batch_pays_each_of_its_claims_after_the_window_and_not_before() public {
        TypedData.ClaimedOrder[] memory items = _claimItems(3);
        IPostedClaims.PostedClaim[] memory claims = _leaves(items);
        vm.expectEmit();
        emit IClaimBatches.ClaimPosted(
            claims[0].orderHash, REQUESTER, address(vault), address(token), PAYABLE_AT, claims[0]
        );
        bytes32 root = _post(items);
        assertEq(batches.payableFrom(root), PAYABLE_AT);
        vm.warp(PAYABLE_AT - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IClaimBatches.BatchNotPayable.selector, root, PAYABLE_AT, PAYABLE_AT - 1)
        );
        _settleAll(root, claims);
        vm.warp(PAYABLE_AT);
        vm.expectEmit();
        emit IPostedClaims.ClaimSettled(claims[0].orderHash, REQUESTER, NODE, 45 * DOLLAR, 5 * DOLLAR);
        _settleAll(root, claims);
        assertEq(_balance(REQUESTER), (1_000 - 3 * 51) * DOLLAR);
        assertEq(_balance(PAYOUT), 3 * 45 * DOLLAR);
        assertEq(_balance(CREATOR), 3 * 5 * DOLLAR);
        assertEq(_balance(FEES), 3 * DOLLAR);
        bytes32[] memory paid = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) paid[i] = claims[i].awardHash;
        assertTrue(vault.arePaid(paid));
    }

    function testFuzz_each_leaf_of_a_batch_of_any_size_can_be_paid_alone(uint256 count, uint256 index) public {
        count = _bound(count, 1, 18);
        index = _bound(index, 0, count - 1);
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(count);
        vm.warp(PAYABLE_AT);
        _settleOne(root, claims, index);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertTrue(vault.isSpent(REQUESTER, claims[index].nonce));
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), count * 45 * DOLLAR);
    }

    function test_anyone_posts_what_the_operator_awarded() public {
        TypedData.ClaimedOrder[] memory items = _claimItems(1);
        vm.prank(STRANGER);
        (bytes32 root,) = batches.post(address(vault), address(token), items);
        vm.warp(PAYABLE_AT);
        _settleAll(root, _leaves(items));
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_nobody_but_the_operator_posts_what_it_did_not_award() public {
        TypedData.ClaimedOrder[] memory items = _claimItems(1);
        (items[0].operatorR, items[0].operatorVs) = (0, 0);
        vm.prank(NODE);
        _expectNotPosted(items[0], NODE, IAcceptedSettlements.Refusal.Operator);
        (bytes32 root,) = batches.post(address(vault), address(token), items);
        assertEq(uint256(root), 0);
        assertTrue(_post(items) != 0);
    }

    function _expectNotPosted(
        TypedData.ClaimedOrder memory item,
        address submitter,
        IAcceptedSettlements.Refusal refusal
    ) private {
        vm.expectEmit();
        emit IClaimBatches.ClaimNotPosted(_hashOf(item.order), submitter, refusal);
    }

    function test_what_nobody_signed_is_left_out_and_the_rest_of_the_batch_posted() public {
        TypedData.ClaimedOrder[] memory items = _claimItems(6);
        items[0].order.receiptR = 0;
        // An acceptance's signature is no order's.
        items[1].order = _short(_accepted(2));
        items[2].order.price = 101 * DOLLAR;
        items[3].order.payout = address(0);
        ISettlements.Settlement memory late = _unsigned(5);
        late.order.settleBy = uint64(START - 1);
        items[4] = _claimItem(_sign(late));
        vm.prank(OPERATOR);
        (bytes32 root, IAcceptedSettlements.Refusal[] memory refusals) =
            batches.post(address(vault), address(token), items);
        assertTrue(refusals[0] == IAcceptedSettlements.Refusal.Receipt);
        assertTrue(refusals[1] == IAcceptedSettlements.Refusal.Order);
        assertTrue(refusals[2] == IAcceptedSettlements.Refusal.Bounds);
        assertTrue(refusals[3] == IAcceptedSettlements.Refusal.Parties);
        assertTrue(refusals[4] == IAcceptedSettlements.Refusal.Late);
        assertTrue(refusals[5] == IAcceptedSettlements.Refusal.None);
        IPostedClaims.PostedClaim[] memory claims = new IPostedClaims.PostedClaim[](1);
        claims[0] = _leafOf(items[5].order);
        vm.warp(PAYABLE_AT);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_a_challenged_leaf_is_not_paid_and_the_rest_of_its_batch_is() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(3);
        vm.expectEmit();
        emit IClaims.Challenged(claims[1].orderHash, REQUESTER, 5_100_000);
        _challengeLeaf(root, claims, 1);
        assertEq(_balance(REQUESTER), 949 * DOLLAR - 5_100_000);
        vm.warp(PAYABLE_AT);
        _expectSkipped(claims[1].orderHash, IAcceptedSettlements.Refusal.Marked);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 2 * 45 * DOLLAR);
        vm.prank(ARBITER);
        vault.rule(claims[1].orderHash, false);
        assertEq(_balance(REQUESTER), (1_000 - 2 * 51) * DOLLAR);
        _expectSkipped(claims[1].orderHash, IAcceptedSettlements.Refusal.Marked);
        _settleOne(root, claims, 1);
        assertEq(_balance(PAYOUT), 2 * 45 * DOLLAR);
    }

    function test_a_leaf_ruled_for_its_node_is_paid_once_with_the_bond() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(2);
        _challengeLeaf(root, claims, 0);
        vm.prank(ARBITER);
        vault.rule(claims[0].orderHash, true);
        vault.settleOne(_delivered(1));
        assertEq(_balance(PAYOUT), 45 * DOLLAR + 5_100_000);
        vm.warp(PAYABLE_AT);
        _expectSkipped(claims[0].orderHash, IAcceptedSettlements.Refusal.Spent);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 2 * 45 * DOLLAR + 5_100_000);
    }

    function test_only_its_requester_challenges_a_leaf_within_the_window_and_once() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(2);
        bytes32[] memory proof = _proofOf(claims, 0);
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(IClaimBatches.OnlyItsRequester.selector, STRANGER, REQUESTER)
        );
        batches.challenge(root, address(vault), address(token), claims[0], proof);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IClaimBatches.NotPosted.selector, bytes32("nothing")));
        batches.challenge("nothing", address(vault), address(token), claims[0], proof);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IClaimBatches.NotInBatch.selector, root));
        batches.challenge(root, address(vault), address(token), claims[1], proof);
        _challengeLeaf(root, claims, 0);
        vm.prank(REQUESTER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPostedClaims.NotOwed.selector, claims[0].orderHash, IAcceptedSettlements.Refusal.Marked
            )
        );
        batches.challenge(root, address(vault), address(token), claims[0], proof);
        vm.warp(PAYABLE_AT);
        proof = _proofOf(claims, 1);
        vm.prank(REQUESTER);
        vm.expectRevert(
            abi.encodeWithSelector(IClaimBatches.WindowOver.selector, root, PAYABLE_AT, PAYABLE_AT)
        );
        batches.challenge(root, address(vault), address(token), claims[1], proof);
    }

    function test_a_leaf_nobody_posted_is_neither_paid_nor_challenged() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(2);
        vm.warp(PAYABLE_AT);
        claims[0].payout = STRANGER;
        vm.expectRevert(abi.encodeWithSelector(IClaimBatches.NotInBatch.selector, root));
        _settleAll(root, claims);
        claims[0].payout = PAYOUT;
        vm.expectRevert(abi.encodeWithSelector(IClaimBatches.NotInBatch.selector, root));
        batches.settle(root, address(vault), address(0xD011A8), claims, new bytes32[](0), _allOf(2));
        vm.expectRevert(abi.encodeWithSelector(IClaimBatches.NotInBatch.selector, root));
        batches.settle(root, address(nodes), address(token), claims, new bytes32[](0), _allOf(2));
        vm.expectRevert(abi.encodeWithSelector(IClaimBatches.NotPosted.selector, bytes32("nothing")));
        _settleAll("nothing", claims);
    }

    function test_the_vault_pays_and_challenges_for_its_contract_of_batches_alone() public {
        IPostedClaims.PostedClaim[] memory claims = _leaves(_claimItems(1));
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(IPostedClaims.OnlyClaimBatches.selector, OPERATOR));
        vault.payPosted(address(token), claims, START, OPERATOR);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IPostedClaims.OnlyClaimBatches.selector, REQUESTER));
        vault.challengePosted(address(token), claims[0], START);
        assertTrue(vault.claimBatches() == address(batches));
    }

    function test_a_batch_is_posted_once_and_its_window_opens_once() public {
        TypedData.ClaimedOrder[] memory items = _claimItems(2);
        bytes32 root = _post(items);
        vm.warp(START + 10 minutes);
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(IClaimBatches.AlreadyPosted.selector, root));
        batches.post(address(vault), address(token), items);
        assertEq(batches.payableFrom(root), PAYABLE_AT);
    }

    function test_an_order_is_paid_once_by_acceptance_claim_and_batches_together() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(3);
        (bytes32 other, IPostedClaims.PostedClaim[] memory same) = _posted(2);
        _settle(_short(_accepted(1)));
        vm.warp(PAYABLE_AT);
        _settleAll(other, same);
        _settleAll(root, claims);
        _settleAll(root, claims);
        _settle(_short(_accepted(3)));
        vault.settle(_three());
        assertEq(_balance(PAYOUT), 3 * 45 * DOLLAR);
        assertEq(_balance(REQUESTER), (1_000 - 3 * 51) * DOLLAR);
    }

    function _three() private view returns (ISettlements.Settlement[] memory items) {
        items = new ISettlements.Settlement[](3);
        for (uint256 i = 0; i < 3; ++i) items[i] = i == 0 ? _delivered(1) : _accepted(i + 1);
    }

    function test_cancelling_does_not_take_a_posted_claim_back() public {
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(1);
        vm.warp(START + WITHDRAW_DELAY);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_an_order_whose_cancellation_took_effect_before_is_not_paid() public {
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        ISettlements.Settlement memory long = _unsigned(1);
        long.order.settleBy = uint64(START + 1 days);
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](1);
        items[0] = _claimItem(_sign(long));
        vm.warp(START + WITHDRAW_DELAY);
        bytes32 root = _post(items);
        vm.warp(START + WITHDRAW_DELAY + CHALLENGE_WINDOW);
        IPostedClaims.PostedClaim[] memory claims = _leaves(items);
        _expectSkipped(claims[0].orderHash, IAcceptedSettlements.Refusal.Marked);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 0);
    }

    function test_payment_reaches_what_waits_to_be_withdrawn() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(1);
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 1_000 * DOLLAR);
        vm.warp(PAYABLE_AT);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_a_leaf_its_requester_cannot_pay_is_skipped_and_paid_once_it_can() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(2);
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 949 * DOLLAR);
        vm.warp(START + WITHDRAW_DELAY);
        vault.completeWithdrawal(REQUESTER, address(token));
        _expectSkipped(claims[1].orderHash, IAcceptedSettlements.Refusal.Funds);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        _deposit(REQUESTER, 51 * DOLLAR);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 90 * DOLLAR);
        assertEq(_balance(REQUESTER), 0);
    }

    function test_a_voided_award_is_not_paid_and_another_of_its_order_is() public {
        _stake(PROVIDER, 100 * DOLLAR);
        ISettlements.Settlement memory failed = _accepted(1);
        vm.prank(OPERATOR);
        nodes.slash(_slashEvidence(failed), PROVIDER, 0, 0);
        ISettlements.Settlement memory second = _unsigned(1);
        second.award.roundHash = keccak256("supplement");
        _sign(second);
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](2);
        (items[0], items[1]) = (_claimItem(failed), _claimItem(second));
        bytes32 root = _post(items);
        vm.warp(PAYABLE_AT);
        _settleAll(root, _leaves(items));
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertTrue(vault.isSpent(REQUESTER, 1));
    }

    function test_a_challenge_after_the_window_does_not_hold_a_posted_claim_up() public {
        ISettlements.Settlement memory long = _unsigned(1);
        long.order.settleBy = uint64(START + 1 days);
        _sign(long);
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](1);
        items[0] = _claimItem(long);
        bytes32 root = _post(items);
        vm.warp(PAYABLE_AT);
        // The requester claims its own order to have a window again.
        long.acceptanceSignature = "";
        vault.claimOne(long);
        IPostedClaims.PostedClaim[] memory claims = _leaves(items);
        vm.prank(REQUESTER);
        vault.challenge(claims[0].orderHash);
        vm.expectEmit();
        emit IClaims.ClaimReleased(claims[0].orderHash, REQUESTER, 51 * DOLLAR, 5_100_000);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
    }

    function test_a_challenge_within_the_window_holds_every_batch_up_that_claims_the_order() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(1);
        vm.warp(START + 1 minutes);
        (bytes32 other, IPostedClaims.PostedClaim[] memory more) = _posted(2);
        _challengeLeaf(root, claims, 0);
        vm.warp(PAYABLE_AT + 1 minutes);
        _settleAll(root, claims);
        _settleAll(other, more);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertTrue(!vault.isSpent(REQUESTER, 1));
    }

    function test_a_batch_posted_after_a_cancellation_does_not_undo_a_claim_from_before() public {
        vm.prank(REQUESTER);
        vault.cancelOrder(1);
        ISettlements.Settlement memory long = _unsigned(1);
        long.order.settleBy = uint64(START + 1 days);
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](1);
        items[0] = _claimItem(_sign(long));
        long.acceptanceSignature = "";
        vault.claimOne(long);
        vm.warp(START + WITHDRAW_DELAY);
        bytes32 root = _post(items);
        vm.warp(START + WITHDRAW_DELAY + CHALLENGE_WINDOW);
        IPostedClaims.PostedClaim[] memory claims = _leaves(items);
        _expectSkipped(claims[0].orderHash, IAcceptedSettlements.Refusal.Marked);
        _settleAll(root, claims);
        vault.settleOne(long);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_a_claim_alone_that_nobody_challenged_gives_way_and_is_paid_once() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(1);
        vault.claimOne(_delivered(1));
        vm.warp(PAYABLE_AT);
        _settleAll(root, claims);
        vm.expectRevert(abi.encodeWithSelector(IOrders.NonceSpent.selector, REQUESTER, 1));
        vault.settleOne(_delivered(1));
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
    }

    function test_a_claim_of_another_result_or_award_keeps_its_nonce() public {
        ISettlements.Settlement memory long = _unsigned(1);
        long.resultHash = keccak256("another result");
        _sign(long);
        long.acceptanceSignature = "";
        vault.claimOne(long);
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(1);
        vm.warp(PAYABLE_AT);
        _expectSkipped(claims[0].orderHash, IAcceptedSettlements.Refusal.Marked);
        _settleAll(root, claims);
        vault.settleOne(long);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
    }

    function test_a_challenge_takes_a_bond_of_its_share_rounded_up_and_no_less() public {
        ISettlements.Settlement memory long = _unsigned(1);
        (long.award.price, long.award.royalty, long.ask, long.charge) = (10_001, 0, 0, 10_201);
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](1);
        items[0] = _claimItem(_sign(long));
        bytes32 root = _post(items);
        _challengeLeaf(root, _leaves(items), 0);
        assertEq(vault.claimOf(_hashOf(items[0].order)).bond, 1_021);
    }

    function test_a_claim_without_a_royalty_credits_no_creator() public {
        ISettlements.Settlement memory long = _unsigned(1);
        (long.award.royalty, long.award.creator) = (0, address(0));
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](1);
        items[0] = _claimItem(_sign(long));
        bytes32 root = _post(items);
        vm.warp(PAYABLE_AT);
        _settleAll(root, _leaves(items));
        assertEq(_balance(PAYOUT), 50 * DOLLAR);
        assertEq(_balance(address(0)), 0);
    }

    function test_a_claim_recorded_alone_keeps_a_batch_from_paying_before_its_own_challenge_is_decided() public {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _posted(1);
        vault.claimOne(_delivered(1));
        vm.prank(REQUESTER);
        vault.challenge(claims[0].orderHash);
        vm.warp(PAYABLE_AT);
        _expectSkipped(claims[0].orderHash, IAcceptedSettlements.Refusal.Marked);
        _settleAll(root, claims);
        assertEq(_balance(PAYOUT), 0);
    }

    function test_a_vault_without_a_contract_of_batches_cannot_be_deployed() public {
        vm.expectRevert(abi.encodeWithSelector(IVaultParameters.ZeroAddress.selector));
        new Vault(address(authority), _parameters(), address(0));
    }

    function test_a_vault_names_its_domain_and_what_judges_its_settlements() public view {
        (bytes1 fields, string memory name, string memory version, uint256 chainId, address at,,) =
            vault.eip712Domain();
        assertTrue(fields == 0x0f && chainId == block.chainid && at == address(vault));
        assertTrue(keccak256(bytes(name)) == keccak256("Stoa") && keccak256(bytes(version)) == keccak256("1"));
        assertTrue(vault.evidence().code.length != 0);
    }
}
