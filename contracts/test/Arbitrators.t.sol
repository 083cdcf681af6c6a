// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IArbitrators} from "../src/interfaces/IArbitrators.sol";
import {ICourtParameters} from "../src/interfaces/ICourtParameters.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IVotes} from "../src/interfaces/IVotes.sol";
import {CourtFixture} from "./CourtFixture.sol";
import {vm} from "./Vm.sol";

contract ArbitratorsTest is CourtFixture {
    function test_stake_comes_back_after_its_delay() public {
        address arbitrator = _arbitrator(0);
        vm.prank(arbitrator);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.ZeroAmount.selector));
        court.requestUnstake(0);
        vm.prank(arbitrator);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.InsufficientStake.selector, SEAT, SEAT + 1));
        court.requestUnstake(SEAT + 1);
        vm.expectEmit();
        emit IArbitrators.UnstakeRequested(arbitrator, SEAT, START + 7 days);
        vm.prank(arbitrator);
        court.requestUnstake(SEAT);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.StillLocked.selector, START + 7 days, START));
        court.completeUnstake(arbitrator);
        _pass(7 days);
        court.completeUnstake(arbitrator);
        assertEq(coin.balanceOf(arbitrator), SEAT);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.NothingUnstaking.selector, arbitrator));
        court.completeUnstake(arbitrator);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.NothingToWithdraw.selector, arbitrator));
        court.withdraw(arbitrator);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.ZeroAmount.selector));
        court.stake(0);
    }

    function test_who_left_is_not_drawn() public {
        for (uint256 i = 3; i < ARBITRATORS; ++i) {
            vm.prank(_arbitrator(i));
            court.requestUnstake(1);
        }
        uint256 disputeId = _drawn();
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(court.seatsOf(disputeId, 0, _arbitrator(i)).count, 1);
            assertEq(_staked(_arbitrator(i)), 0);
        }
    }

    function test_a_seat_locks_stake_that_nobody_takes_back_before_the_end() public {
        uint256 disputeId = _drawn();
        address member = _members(disputeId)[0];
        vm.prank(member);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.InsufficientStake.selector, 0, 1));
        court.requestUnstake(1);
        assertEq(court.disputeOf(disputeId).held, 3 * SEAT + 6 * BOND);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, IDisputes.Phase.Accepting)
        );
        court.collect(disputeId, 0, member);
    }

    function test_a_large_stake_holds_as_many_seats_as_it_pays_for() public {
        for (uint256 i = 0; i < ARBITRATORS; ++i) {
            vm.prank(_arbitrator(i));
            court.requestUnstake(SEAT);
        }
        _stakeAs(_arbitrator(0), 2 * SEAT);
        uint256 disputeId = _drawn();
        assertEq(court.seatsOf(disputeId, 0, _arbitrator(0)).count, 2);
        assertEq(court.roundOf(disputeId, 0).filled, 2);
    }

    function test_nobody_judges_its_own_case() public {
        _stakeAs(REQUESTER, 1_000 * SEAT);
        _stakeAs(PROVIDER, 1_000 * SEAT);
        uint256 disputeId = _drawn();
        assertEq(_members(disputeId).length, 3);
        assertEq(court.seatsOf(disputeId, 0, REQUESTER).count + court.seatsOf(disputeId, 0, PROVIDER).count, 0);
        assertEq(_staked(REQUESTER), 1_000 * SEAT);
        // They can be drawn for others': their weight is back.
        vm.prank(REQUESTER);
        court.requestUnstake(1_000 * SEAT);
    }

    function test_no_draw_before_its_seed_is_there() public {
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.NoDrawDue.selector, 0, 1_000));
        court.draw();
        uint256 disputeId = _answered();
        _pass(1 days);
        vm.expectEmit();
        emit IArbitrators.DrawRequested(disputeId, 0, 1_004);
        _advance(disputeId);
        (uint256 next, uint256 seedBlock) = court.nextDraw();
        assertEq(next, disputeId);
        assertEq(seedBlock, 1_004);
        _mine(4);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.NoDrawDue.selector, 1_004, 1_004));
        court.draw();
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, IDisputes.Phase.Drawing)
        );
        court.advance(disputeId);
        _mine(1);
        vm.expectEmit();
        emit IArbitrators.PanelDrawn(disputeId, 0, 3, 3);
        court.draw();
        vm.snapshotGasLastCall("draw, 3 seats of 28 arbitrators");
        (next,) = court.nextDraw();
        assertEq(next, 0);
    }

    function test_no_stake_moves_once_a_seed_is_known() public {
        uint256 decided = _drawn();
        address member = _members(decided)[0];
        uint256 disputeId = _answered();
        _pass(1 days);
        _advance(disputeId);
        address outsider = address(0x0D);
        _equip(outsider, SEAT);
        _mine(4);
        vm.prank(outsider);
        court.stake(SEAT / 2);
        _mine(1);
        bytes memory due = abi.encodeWithSelector(IArbitrators.DrawDue.selector, disputeId);
        vm.prank(outsider);
        vm.expectRevert(due);
        court.stake(SEAT / 2);
        vm.prank(outsider);
        vm.expectRevert(due);
        court.requestUnstake(1);
        vm.prank(member);
        vm.expectRevert(due);
        court.decline(decided);
        vm.expectRevert(due);
        court.collect(decided, 0, member);
        court.draw();
        vm.prank(outsider);
        court.stake(SEAT / 2);
    }

    function test_a_seed_that_is_forgotten_is_replaced_by_a_later_one() public {
        uint256 disputeId = _answered();
        _pass(1 days);
        _advance(disputeId);
        _mine(4 + 257);
        vm.expectEmit();
        emit IArbitrators.DrawRequested(disputeId, 0, 1_265);
        court.draw();
        _requirePhase(disputeId, IDisputes.Phase.Drawing);
        assertEq(court.roundOf(disputeId, 0).filled, 0);
        _mine(4 + 256);
        court.draw();
        assertEq(court.roundOf(disputeId, 0).filled, 3);
    }

    function test_draws_are_made_in_the_order_they_were_asked_for() public {
        uint256 first = _answered();
        uint256 second = _answered();
        _pass(1 days);
        _advance(second);
        _advance(first);
        _mine(5);
        court.draw();
        _requirePhase(second, IDisputes.Phase.Accepting);
        _requirePhase(first, IDisputes.Phase.Drawing);
        court.draw();
        _requirePhase(first, IDisputes.Phase.Accepting);
    }

    function test_whoever_is_drawn_declines_and_another_is_drawn_once_more() public {
        uint256 disputeId = _drawn();
        address[] memory members = _members(disputeId);
        _commit(disputeId, members[1], IVotes.Side.Opener);
        vm.prank(members[1]);
        vm.expectRevert(abi.encodeWithSelector(IVotes.AlreadyCommitted.selector, disputeId, members[1]));
        court.decline(disputeId);
        vm.expectEmit();
        emit IArbitrators.SeatsDeclined(disputeId, 0, members[0], 1);
        vm.prank(members[0]);
        court.decline(disputeId);
        assertEq(_staked(members[0]), SEAT);
        vm.prank(members[0]);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.NoSeat.selector, disputeId, 0, members[0]));
        court.decline(disputeId);
        _pass(6 hours);
        vm.prank(members[2]);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.PhasePassed.selector, disputeId, IDisputes.Phase.Accepting, clock, clock
            )
        );
        court.decline(disputeId);
        _advance(disputeId);
        _mine(5);
        court.draw();
        assertEq(court.roundOf(disputeId, 0).filled, 3);
        members = _members(disputeId);
        vm.prank(members[2]);
        court.decline(disputeId);
        _pass(6 hours);
        _advance(disputeId);
        // A seat given back in the second draw stays empty.
        _requirePhase(disputeId, IDisputes.Phase.Committing);
        assertEq(court.roundOf(disputeId, 0).filled, 2);
    }

    function test_whoever_committed_votes_with_a_seat_it_is_drawn_for_later() public {
        for (uint256 i = 0; i < ARBITRATORS; ++i) {
            vm.prank(_arbitrator(i));
            court.requestUnstake(SEAT);
        }
        _stakeAs(_arbitrator(0), SEAT);
        uint256 disputeId = _drawn();
        _commit(disputeId, _arbitrator(0), IVotes.Side.Opener);
        _stakeAs(_arbitrator(0), 2 * SEAT);
        _pass(6 hours);
        _advance(disputeId);
        _mine(5);
        court.draw();
        assertEq(court.seatsOf(disputeId, 0, _arbitrator(0)).count, 3);
        assertEq(court.roundOf(disputeId, 0).committed, 3);
        _advance(disputeId);
        _advance(disputeId);
        court.revealVote(disputeId, _arbitrator(0), IVotes.Side.Opener, SALT);
        _advance(disputeId);
        _closeUnappealed(disputeId);
        court.collect(disputeId, 0, _arbitrator(0));
        assertEq(_staked(_arbitrator(0)), 3 * SEAT);
        assertEq(court.balanceOf(_arbitrator(0)), 3 * FEE);
        assertEq(court.disputeOf(disputeId).held, 0);
    }

    function test_a_seat_that_came_to_lock_more_is_not_filled_by_too_little_stake() public {
        ICourtParameters.Parameters memory rules = _rules();
        rules.seatStake = 2 * SEAT;
        court.setParameters(rules);
        uint256 disputeId = _drawn();
        assertEq(court.roundOf(disputeId, 0).filled, 0);
        // Whoever moves its stake is weighed anew.
        for (uint256 i = 0; i < 3; ++i) {
            _stakeAs(_arbitrator(i), SEAT);
        }
    }

    function test_a_pause_stops_new_stake_and_lets_every_dispute_be_opened_fought_and_ended() public {
        uint256 escrowId = _delivered();
        court.pause();
        escrow.pause();
        _equip(STRANGER, SEAT);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(Pausable.EnforcedPause.selector));
        court.stake(SEAT);
        uint256 disputeId = _openOver(escrowId, 0);
        _answer(disputeId);
        _draw(disputeId);
        _vote(disputeId, 1, 2);
        _appeal(disputeId, REQUESTER, PROVIDER);
        _vote(disputeId, 5, 2);
        _closeUnappealed(disputeId);
        _requireWinner(disputeId, IVotes.Side.Opener);
        _collectAll(disputeId);
        court.withdraw(REQUESTER);
        vm.prank(_arbitrator(0));
        court.requestUnstake(1);
        _pass(7 days);
        court.completeUnstake(_arbitrator(0));
        court.unpause();
        vm.prank(STRANGER);
        court.stake(SEAT);
    }
}
