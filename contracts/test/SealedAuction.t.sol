// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {SealedAuction} from "../src/SealedAuction.sol";
import {ICredits} from "../src/interfaces/ICredits.sol";
import {IEscrowFunding} from "../src/interfaces/IEscrowFunding.sol";
import {ISealedAuction} from "../src/interfaces/ISealedAuction.sol";
import {AwkwardDollar} from "./AwkwardDollar.sol";
import {PlainEscrow} from "./PlainEscrow.sol";
import {SealedAuctionFixture} from "./SealedAuctionFixture.sol";
import {vm} from "./Vm.sol";

contract SealedAuctionTest is SealedAuctionFixture {
    /// @dev Bidders ask 30, 50 and 70 dollars for one task; the third never reveals.
    function _twoOfThreeReveal() private returns (bytes32 auctionId) {
        auctionId = _open(1);
        _commit(auctionId, 0, 30e6, 1);
        _commit(auctionId, 1, 50e6, 1);
        _commit(auctionId, 2, 70e6, 1);
        vm.warp(START + COMMIT);
        _reveal(auctionId, 0, 30e6, 1);
        _reveal(auctionId, 1, 50e6, 1);
    }

    function test_the_lowest_ask_wins_at_the_second_and_who_does_not_reveal_forfeits_its_deposit() public {
        bytes32 auctionId = _twoOfThreeReveal();
        vm.warp(START + COMMIT + REVEAL);
        bytes32 seed = auctions.auctionOf(auctionId).seed;
        vm.expectEmit();
        emit ISealedAuction.TasksWon(auctionId, _bidder(0), 1, 50e6);
        vm.expectEmit();
        emit ISealedAuction.AuctionClosed(auctionId, seed, 50e6, DEPOSIT, STRANGER, DEPOSIT / 10);
        vm.prank(STRANGER);
        auctions.close(auctionId);
        assertEq(_due(_bidder(0)), DEPOSIT);
        assertEq(_due(_bidder(1)), DEPOSIT);
        assertEq(_due(_bidder(2)), 0);
        assertEq(_due(REQUESTER), 50e6);
        assertEq(_due(STRANGER), DEPOSIT / 10);
        assertEq(_due(FAULTS), DEPOSIT * 9 / 10);
    }

    function test_an_award_funds_the_winners_escrow_by_the_auctions_terms() public {
        bytes32 auctionId = _twoOfThreeReveal();
        vm.warp(START + COMMIT + REVEAL);
        auctions.close(auctionId);
        vm.snapshotGasLastCall("close, 3 bidders");
        vm.expectEmit();
        emit ISealedAuction.EscrowFunded(auctionId, _bidder(0), 0, 50e6);
        vm.prank(STRANGER);
        uint256 escrowId = auctions.award(auctionId, _bidder(0));
        vm.snapshotGasLastCall("award");
        IEscrowFunding.Terms memory terms = escrow.termsOf(escrowId);
        IEscrowFunding.Terms memory expected = IEscrowFunding.Terms({
            requester: REQUESTER,
            provider: _bidder(0),
            node: _offer(0, 0, 0).node,
            token: address(token),
            amount: 50e6,
            taskHash: keccak256("task"),
            deliverBy: uint64(START + COMMIT + REVEAL + 1 days),
            approvalWindow: 2 days,
            verifier: address(0x7E57),
            condition: "condition"
        });
        assertEq(uint256(keccak256(abi.encode(terms))), uint256(keccak256(abi.encode(expected))));
        vm.prank(REQUESTER);
        escrow.release(escrowId);
        assertEq(token.balanceOf(_bidder(0)), 50e6);
        bytes memory reason =
            abi.encodeWithSelector(ISealedAuction.NothingAwarded.selector, auctionId, _bidder(0));
        vm.expectRevert(reason);
        auctions.award(auctionId, _bidder(0));
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.NothingAwarded.selector, auctionId, _bidder(1)));
        auctions.award(auctionId, _bidder(1));
        vm.warp(START + 30 days);
        vm.expectRevert(reason);
        auctions.reclaim(auctionId, _bidder(0));
    }

    function test_closing_and_awarding_fit_one_transaction() public {
        bytes32 auctionId = _twoOfThreeReveal();
        vm.warp(START + COMMIT + REVEAL);
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(auctions.close, (auctionId));
        calls[1] = abi.encodeCall(auctions.award, (auctionId, _bidder(0)));
        calls[2] = abi.encodeCall(auctions.withdraw, (_bidder(1), address(token)));
        auctions.multicall(calls);
        assertEq(token.balanceOf(address(escrow)), 50e6);
        assertEq(token.balanceOf(_bidder(1)), DEPOSIT);
    }

    function test_identical_tasks_go_to_the_cheapest_slots_and_each_winner_is_paid_what_it_displaces() public {
        (uint128[] memory asks, uint32[] memory slots) = (new uint128[](4), new uint32[](4));
        (asks[0], slots[0]) = (10e6, 2);
        (asks[1], slots[1]) = (20e6, 2);
        (asks[2], slots[2]) = (40e6, 1);
        (asks[3], slots[3]) = (101e6, 9);
        bytes32 auctionId = _held(3, asks, slots);
        // Without the first, its two tasks go to the second's free slot and to the third.
        (uint256 tasks, uint256 payment) = _won(auctionId, 0);
        assertEq(tasks, 2);
        assertEq(payment, 60e6);
        // Without the second, its task goes to the third.
        (tasks, payment) = _won(auctionId, 1);
        assertEq(tasks, 1);
        assertEq(payment, 40e6);
        assertEq(_due(REQUESTER), 300e6 - 100e6);
        (tasks,) = _won(auctionId, 3);
        assertEq(tasks, 0);
        assertEq(_due(_bidder(3)), DEPOSIT);
    }

    function test_a_bidder_without_competition_is_paid_the_reserve() public {
        (uint128[] memory asks, uint32[] memory slots) = (new uint128[](1), new uint32[](1));
        (asks[0], slots[0]) = (10e6, 1);
        bytes32 auctionId = _held(2, asks, slots);
        (uint256 tasks, uint256 payment) = _won(auctionId, 0);
        assertEq(tasks, 1);
        assertEq(payment, RESERVE);
        assertEq(_due(REQUESTER), RESERVE);
    }

    function test_nobody_bids_and_the_requester_has_all_back_as_soon_as_commitments_are_over() public {
        bytes32 auctionId = _open(3);
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuction.StillRevealing.selector, START + COMMIT, START)
        );
        auctions.close(auctionId);
        vm.warp(START + COMMIT);
        auctions.close(auctionId);
        assertEq(_due(REQUESTER), 3 * uint256(RESERVE));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISealedAuction.WrongState.selector, auctionId, ISealedAuction.AuctionState.Closed
            )
        );
        auctions.close(auctionId);
    }

    function test_an_auction_is_not_closed_while_somebody_can_still_reveal() public {
        bytes32 auctionId = _twoOfThreeReveal();
        uint256 until = START + COMMIT + REVEAL;
        vm.warp(until - 1);
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.StillRevealing.selector, until, until - 1));
        auctions.close(auctionId);
        _reveal(auctionId, 2, 70e6, 1);
        auctions.close(auctionId);
        assertEq(_due(_bidder(2)), DEPOSIT);
        assertEq(_due(FAULTS), 0);
    }

    function test_a_copied_commitment_cannot_be_revealed() public {
        bytes32 auctionId = _open(1);
        _commit(auctionId, 0, 30e6, 1);
        bytes32 copied = auctions.bidOf(auctionId, _bidder(0)).commitment;
        _fund(_bidder(1), DEPOSIT);
        vm.prank(_bidder(1));
        auctions.commit(auctionId, copied);
        vm.warp(START + COMMIT);
        bytes32 actual = auctions.commitmentOf(auctionId, _bidder(1), _offer(0, 30e6, 1));
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuction.WrongReveal.selector, _bidder(1), copied, actual)
        );
        auctions.reveal(auctionId, _bidder(1), _offer(0, 30e6, 1));
    }

    function test_a_bid_is_revealed_once_as_committed_and_in_its_time() public {
        bytes32 auctionId = _open(1);
        _commit(auctionId, 0, 30e6, 1);
        (uint256 from, uint256 until) = (START + COMMIT, START + COMMIT + REVEAL);
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.NotRevealing.selector, from, until, START));
        _reveal(auctionId, 0, 30e6, 1);
        vm.warp(from);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISealedAuction.WrongReveal.selector,
                _bidder(0),
                auctions.bidOf(auctionId, _bidder(0)).commitment,
                auctions.commitmentOf(auctionId, _bidder(0), _offer(0, 29e6, 1))
            )
        );
        _reveal(auctionId, 0, 29e6, 1);
        _reveal(auctionId, 0, 30e6, 1);
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.AlreadyRevealed.selector, _bidder(0)));
        _reveal(auctionId, 0, 30e6, 1);
        bytes32 late = _open(1);
        _commit(late, 1, 30e6, 1);
        vm.warp(from + COMMIT + REVEAL);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISealedAuction.NotRevealing.selector, from + COMMIT, from + COMMIT + REVEAL, block.timestamp
            )
        );
        _reveal(late, 1, 30e6, 1);
    }

    function test_a_commitment_is_made_once_in_time_by_another_than_the_requester() public {
        bytes32 auctionId = _open(1);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.RequesterCannotBid.selector, REQUESTER));
        auctions.commit(auctionId, bytes32("bid"));
        vm.prank(_bidder(0));
        vm.expectRevert(ISealedAuction.EmptyCommitment.selector);
        auctions.commit(auctionId, 0);
        _commit(auctionId, 0, 30e6, 1);
        vm.prank(_bidder(0));
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.AlreadyCommitted.selector, _bidder(0)));
        auctions.commit(auctionId, bytes32("another"));
        vm.prank(_bidder(1));
        vm.expectRevert();
        auctions.commit(auctionId, bytes32("without a deposit"));
        vm.warp(START + COMMIT);
        vm.prank(_bidder(1));
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuction.CommitmentsOver.selector, START + COMMIT, START + COMMIT)
        );
        auctions.commit(auctionId, bytes32("late"));
    }

    function test_nothing_happens_to_an_auction_that_is_not_there() public {
        bytes memory none = abi.encodeWithSelector(
            ISealedAuction.WrongState.selector, bytes32("none"), ISealedAuction.AuctionState.None
        );
        vm.expectRevert(none);
        auctions.commit("none", "bid");
        vm.expectRevert(none);
        _reveal("none", 0, 1, 1);
        vm.expectRevert(none);
        auctions.close("none");
        vm.expectRevert(none);
        auctions.award("none", _bidder(0));
        vm.expectRevert(none);
        auctions.reclaim("none", _bidder(0));
    }

    function test_terms_that_make_no_auction_are_refused() public {
        ISealedAuction.Terms memory terms = _terms(0);
        _expectOpenRevert(terms, abi.encodeWithSelector(ISealedAuction.NoTasks.selector));
        terms = _terms(1);
        terms.reserve = 0;
        _expectOpenRevert(terms, abi.encodeWithSelector(ICredits.ZeroAmount.selector));
        terms = _terms(1);
        terms.deposit = RESERVE / 10 - 1;
        _expectOpenRevert(
            terms, abi.encodeWithSelector(ISealedAuction.DepositTooLow.selector, RESERVE / 10 - 1, RESERVE / 10)
        );
        terms = _terms(1);
        terms.commitSeconds = 299;
        _expectOpenRevert(terms, _outOfRange(299, 300));
        terms = _terms(1);
        terms.revealSeconds = 30 days + 1;
        _expectOpenRevert(terms, _outOfRange(30 days + 1, 300));
        terms = _terms(1);
        terms.deliverSeconds = 0;
        _expectOpenRevert(terms, _outOfRange(0, 1));
        terms = _terms(1);
        terms.condition = new bytes(1_025);
        _expectOpenRevert(terms, abi.encodeWithSelector(ISealedAuction.ConditionTooLong.selector, 1_025, 1_024));
        vm.expectRevert(ICredits.ZeroAddress.selector);
        new SealedAuction(address(this), escrow, address(0));
        vm.expectRevert(ICredits.ZeroAddress.selector);
        new SealedAuction(address(this), PlainEscrow(address(0)), FAULTS);
    }

    function _outOfRange(uint256 given, uint256 minimum) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISealedAuction.SecondsOutOfRange.selector, given, minimum, 30 days);
    }

    function _expectOpenRevert(ISealedAuction.Terms memory terms, bytes memory reason) private {
        vm.prank(REQUESTER);
        vm.expectRevert(reason);
        auctions.open(terms);
    }

    function test_an_auctions_number_is_of_its_terms_and_never_the_same_twice() public {
        bytes32 first = _open(1);
        bytes32 second = _open(1);
        assertEq(first == second ? 1 : 0, 0);
        assertEq(auctions.termsOf(first).tasks, 1);
        assertEq(uint256(auctions.auctionOf(second).state), uint256(ISealedAuction.AuctionState.Open));
    }

    function test_a_full_auction_closes_within_a_blocks_gas() public {
        uint256 bidders = auctions.MAX_BIDDERS();
        (uint128[] memory asks, uint32[] memory slots) = (new uint128[](bidders), new uint32[](bidders));
        // Committed dearest first, which is the most work to sort, and all but the last two win.
        for (uint256 i = 0; i < bidders; ++i) (asks[i], slots[i]) = (uint128(90e6 - i * 1e6), 1);
        bytes32 auctionId = _held(uint32(bidders - 2), asks, slots);
        vm.snapshotGasLastCall("close, 64 bidders");
        assertEq(auctions.biddersOf(auctionId).length, 64);
        (, uint256 payment) = _won(auctionId, bidders - 1);
        assertEq(payment, 89e6);
    }

    function test_one_bidder_too_many_is_refused() public {
        bytes32 auctionId = _open(1);
        for (uint256 i = 0; i < auctions.MAX_BIDDERS(); ++i) _commit(auctionId, i, 1e6, 1);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.AuctionFull.selector, 64));
        auctions.commit(auctionId, bytes32("bid"));
    }

    function test_an_escrow_that_refuses_holds_up_nobodys_money_and_can_be_asked_again() public {
        bytes32 auctionId = _twoOfThreeReveal();
        vm.warp(START + COMMIT + REVEAL);
        auctions.close(auctionId);
        escrow.refuse(true);
        vm.expectRevert(PlainEscrow.Refused.selector);
        auctions.award(auctionId, _bidder(0));
        auctions.withdraw(REQUESTER, address(token));
        auctions.withdraw(_bidder(0), address(token));
        auctions.withdraw(_bidder(1), address(token));
        escrow.refuse(false);
        auctions.award(auctionId, _bidder(0));
        assertEq(token.balanceOf(address(escrow)), 50e6);
    }

    function test_what_no_escrow_takes_in_time_goes_back_to_the_requester() public {
        bytes32 auctionId = _twoOfThreeReveal();
        vm.warp(START + COMMIT + REVEAL);
        auctions.close(auctionId);
        uint256 until = block.timestamp + auctions.AWARD_WINDOW();
        vm.expectRevert(
            abi.encodeWithSelector(ISealedAuction.AwardStillOpen.selector, until, block.timestamp)
        );
        auctions.reclaim(auctionId, _bidder(0));
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.AwardOver.selector, until, until));
        auctions.award(auctionId, _bidder(0));
        vm.expectEmit();
        emit ISealedAuction.AwardReclaimed(auctionId, _bidder(0), 50e6);
        auctions.reclaim(auctionId, _bidder(0));
        assertEq(_due(REQUESTER), RESERVE);
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.NothingAwarded.selector, auctionId, _bidder(0)));
        auctions.reclaim(auctionId, _bidder(0));
    }

    function test_an_escrow_takes_exactly_the_payment_or_nothing() public {
        bytes32 auctionId = _twoOfThreeReveal();
        vm.warp(START + COMMIT + REVEAL);
        auctions.close(auctionId);
        escrow.keepBack(1);
        vm.expectRevert(abi.encodeWithSelector(ISealedAuction.EscrowTookOther.selector, 50e6 - 1, 50e6));
        auctions.award(auctionId, _bidder(0));
    }

    function test_a_pause_stops_new_auctions_and_bids_and_nothing_else() public {
        bytes32 auctionId = _open(1);
        _commit(auctionId, 0, 30e6, 1);
        auctions.pause();
        ISealedAuction.Terms memory terms = _terms(1);
        _expectOpenRevert(terms, abi.encodeWithSelector(Pausable.EnforcedPause.selector));
        vm.prank(_bidder(1));
        vm.expectRevert(Pausable.EnforcedPause.selector);
        auctions.commit(auctionId, bytes32("bid"));
        vm.warp(START + COMMIT);
        _reveal(auctionId, 0, 30e6, 1);
        auctions.close(auctionId);
        auctions.award(auctionId, _bidder(0));
        auctions.withdraw(_bidder(0), address(token));
        assertEq(token.balanceOf(address(auctions)), 0);
        vm.prank(STRANGER);
        vm.expectRevert();
        auctions.unpause();
    }

    function _awkward() private returns (AwkwardDollar awkward, ISealedAuction.Terms memory terms) {
        awkward = new AwkwardDollar();
        terms = _terms(1);
        terms.token = address(awkward);
        address[3] memory owners = [REQUESTER, _bidder(0), _bidder(1)];
        for (uint256 i = 0; i < 3; ++i) {
            awkward.mint(owners[i], RESERVE);
            vm.prank(owners[i]);
            awkward.approve(address(auctions), type(uint256).max);
        }
    }

    function test_a_token_that_takes_a_fee_is_refused() public {
        (AwkwardDollar awkward, ISealedAuction.Terms memory terms) = _awkward();
        awkward.takeFee(100);
        _expectOpenRevert(
            terms,
            abi.encodeWithSelector(
                ISealedAuction.TokenTakesFee.selector, address(awkward), RESERVE - RESERVE / 100, RESERVE
            )
        );
    }

    function test_a_token_that_calls_back_or_refuses_a_receiver_stops_no_closing() public {
        (AwkwardDollar awkward, ISealedAuction.Terms memory terms) = _awkward();
        vm.prank(REQUESTER);
        bytes32 auctionId = auctions.open(terms);
        for (uint256 i = 0; i < 2; ++i) {
            bytes32 commitment = auctions.commitmentOf(auctionId, _bidder(i), _offer(i, 30e6, 1));
            vm.prank(_bidder(i));
            auctions.commit(auctionId, commitment);
        }
        vm.warp(START + COMMIT);
        _reveal(auctionId, 0, 30e6, 1);
        _reveal(auctionId, 1, 30e6, 1);
        awkward.block_(_bidder(0));
        awkward.callBack(address(auctions), abi.encodeCall(auctions.withdraw, (REQUESTER, address(awkward))));
        auctions.close(auctionId);
        vm.expectRevert();
        auctions.withdraw(REQUESTER, address(awkward));
        awkward.callBack(address(0), "");
        auctions.withdraw(REQUESTER, address(awkward));
        auctions.withdraw(_bidder(1), address(awkward));
        vm.expectRevert(abi.encodeWithSelector(AwkwardDollar.Blocked.selector, _bidder(0)));
        auctions.withdraw(_bidder(0), address(awkward));
    }

    function test_a_requester_who_bids_against_its_bidders_pays_for_every_bid_it_does_not_reveal() public {
        bytes32 auctionId = _open(1);
        _commit(auctionId, 0, 30e6, 1);
        // Three steps of a ladder; only the one just above what it sees is revealed.
        _commit(auctionId, 1, 25e6, 1);
        _commit(auctionId, 2, 35e6, 1);
        _commit(auctionId, 3, 45e6, 1);
        vm.warp(START + COMMIT);
        _reveal(auctionId, 0, 30e6, 1);
        _reveal(auctionId, 2, 35e6, 1);
        vm.warp(START + COMMIT + REVEAL);
        vm.prank(REQUESTER);
        auctions.close(auctionId);
        // All it has back, under every name, though it also closed the auction itself.
        uint256 back = _due(REQUESTER) + _due(_bidder(1)) + _due(_bidder(2)) + _due(_bidder(3));
        assertEq(back, RESERVE - 35e6 + DEPOSIT + 2 * uint256(DEPOSIT) / 10);
        assertEq(_due(FAULTS), 2 * uint256(DEPOSIT) * 9 / 10);
    }

    function test_a_tie_is_broken_by_all_salts_and_not_by_who_came_first() public {
        uint256 first = 0;
        for (uint256 round = 0; round < 64; ++round) {
            bytes32 auctionId = _open(1);
            uint256 openedAt = auctions.auctionOf(auctionId).commitUntil - COMMIT;
            for (uint256 i = 0; i < 2; ++i) _commit(auctionId, round * 2 + i, 30e6, 1);
            vm.warp(openedAt + COMMIT);
            for (uint256 i = 0; i < 2; ++i) _reveal(auctionId, round * 2 + i, 30e6, 1);
            auctions.close(auctionId);
            (uint256 tasks, uint256 payment) = _won(auctionId, round * 2);
            if (tasks == 1) {
                assertEq(payment, 30e6);
                ++first;
            }
        }
        // Of 64 fair coins fewer than 14 or more than 50 show one face once in a million times.
        assertEq(first > 13 && first < 51 ? 1 : 0, 1);
    }

    function test_the_order_of_reveals_changes_nothing() public {
        bytes32 first = _open(1);
        for (uint256 i = 0; i < 3; ++i) _commit(first, i, 30e6, 1);
        bytes32 second = _open(1);
        for (uint256 i = 0; i < 3; ++i) _commit(second, i, 30e6, 1);
        vm.warp(START + COMMIT);
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(first, i, 30e6, 1);
            _reveal(second, 2 - i, 30e6, 1);
        }
        assertEq(uint256(auctions.auctionOf(first).seed), uint256(auctions.auctionOf(second).seed));
    }
}
