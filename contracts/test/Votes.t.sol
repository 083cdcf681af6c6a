// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrators} from "../src/interfaces/IArbitrators.sol";
import {ICourtParameters} from "../src/interfaces/ICourtParameters.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IVotes} from "../src/interfaces/IVotes.sol";
import {CourtFixture} from "./CourtFixture.sol";
import {vm} from "./Vm.sol";

contract VotesTest is CourtFixture {
    function _toReveal(uint256 disputeId) private {
        _pass(6 hours);
        _advance(disputeId);
        _pass(1 days);
        _advance(disputeId);
    }

    function _requireVoter(address voter, uint256 stake, uint256 earned) private view {
        assertEq(_staked(voter), stake);
        assertEq(court.balanceOf(voter), earned);
    }

    function test_only_who_holds_a_seat_commits_once_and_to_something() public {
        uint256 disputeId = _drawn();
        address[] memory members = _members(disputeId);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.NoSeat.selector, disputeId, 0, STRANGER));
        court.commitVote(disputeId, bytes32("vote"));
        vm.prank(members[0]);
        vm.expectRevert(abi.encodeWithSelector(IVotes.NoChoice.selector));
        court.commitVote(disputeId, 0);
        _commit(disputeId, members[0], IVotes.Side.Opener);
        vm.snapshotGasLastCall("commitVote");
        vm.prank(members[0]);
        vm.expectRevert(abi.encodeWithSelector(IVotes.AlreadyCommitted.selector, disputeId, members[0]));
        court.commitVote(disputeId, bytes32("vote"));
        _pass(6 hours);
        vm.prank(members[1]);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.PhasePassed.selector, disputeId, IDisputes.Phase.Accepting, clock, clock
            )
        );
        court.commitVote(disputeId, bytes32("vote"));
        _advance(disputeId);
        _commit(disputeId, members[1], IVotes.Side.Opener);
        _pass(1 days);
        _advance(disputeId);
        vm.prank(members[2]);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, IDisputes.Phase.Revealing)
        );
        court.commitVote(disputeId, bytes32("vote"));
    }

    function test_a_vote_is_revealed_as_it_was_committed_and_once_and_in_time() public {
        uint256 disputeId = _drawn();
        address voter = _members(disputeId)[0];
        _commit(disputeId, voter, IVotes.Side.Opener);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, IDisputes.Phase.Accepting)
        );
        court.revealVote(disputeId, voter, IVotes.Side.Opener, SALT);
        _toReveal(disputeId);
        bytes32 committed = court.commitmentOf(disputeId, 0, voter, IVotes.Side.Opener, SALT);
        bytes32 other = court.commitmentOf(disputeId, 0, voter, IVotes.Side.Respondent, SALT);
        vm.expectRevert(abi.encodeWithSelector(IVotes.WrongReveal.selector, committed, other));
        court.revealVote(disputeId, voter, IVotes.Side.Respondent, SALT);
        vm.expectRevert(abi.encodeWithSelector(IVotes.NoChoice.selector));
        court.revealVote(disputeId, voter, IVotes.Side.None, SALT);
        vm.expectEmit();
        emit IVotes.Revealed(disputeId, 0, voter, IVotes.Side.Opener, 1);
        court.revealVote(disputeId, voter, IVotes.Side.Opener, SALT);
        vm.snapshotGasLastCall("revealVote");
        vm.expectRevert(abi.encodeWithSelector(IVotes.AlreadyRevealed.selector, disputeId, voter));
        court.revealVote(disputeId, voter, IVotes.Side.Opener, SALT);
        _pass(1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.PhasePassed.selector, disputeId, IDisputes.Phase.Revealing, clock, clock
            )
        );
        court.revealVote(disputeId, voter, IVotes.Side.Opener, SALT);
    }

    function test_a_copied_commitment_is_no_vote() public {
        uint256 disputeId = _drawn();
        address[] memory members = _members(disputeId);
        bytes32 copied = court.commitmentOf(disputeId, 0, members[0], IVotes.Side.Opener, SALT);
        vm.prank(members[0]);
        court.commitVote(disputeId, copied);
        vm.prank(members[1]);
        court.commitVote(disputeId, copied);
        _toReveal(disputeId);
        court.revealVote(disputeId, members[0], IVotes.Side.Opener, SALT);
        bytes32 own = court.commitmentOf(disputeId, 0, members[1], IVotes.Side.Opener, SALT);
        vm.expectRevert(abi.encodeWithSelector(IVotes.WrongReveal.selector, copied, own));
        court.revealVote(disputeId, members[1], IVotes.Side.Opener, SALT);
        bytes32 strangers = court.commitmentOf(disputeId, 0, STRANGER, IVotes.Side.Opener, SALT);
        vm.expectRevert(abi.encodeWithSelector(IVotes.WrongReveal.selector, bytes32(0), strangers));
        court.revealVote(disputeId, STRANGER, IVotes.Side.Opener, SALT);
    }

    function test_the_majority_is_paid_the_others_lose_stake_and_the_losers_bond_pays() public {
        uint256 disputeId = _drawn();
        address[] memory members = _members(disputeId);
        _vote(disputeId, 2, 1);
        _closeUnappealed(disputeId);
        _requireWinner(disputeId, IVotes.Side.Opener);
        for (uint256 i = 0; i < 3; ++i) {
            court.collect(disputeId, 0, members[i]);
        }
        vm.snapshotGasLastCall("collect");
        _requireVoter(members[0], SEAT, FEE + SEAT / 4);
        _requireVoter(members[1], SEAT, FEE + SEAT / 4);
        _requireVoter(members[2], SEAT / 2, 0);
        // The winner has its bond of three seats back, and what the loser's leaves after two fees.
        assertEq(court.balanceOf(REQUESTER), 6 * BOND - 2 * FEE);
        assertEq(court.balanceOf(PROVIDER), 0);
        assertEq(court.disputeOf(disputeId).held, 0);
        vm.expectRevert(abi.encodeWithSelector(IVotes.AlreadyCollected.selector, disputeId, 0, members[0]));
        court.collect(disputeId, 0, members[0]);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.NoSeat.selector, disputeId, 0, STRANGER));
        court.collect(disputeId, 0, STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IArbitrators.NoSeat.selector, disputeId, 1, members[0]));
        court.collect(disputeId, 1, members[0]);
    }

    function test_silence_costs_the_whole_seat() public {
        uint256 disputeId = _drawn();
        address[] memory members = _members(disputeId);
        _vote(disputeId, 0, 2);
        _closeUnappealed(disputeId);
        _requireWinner(disputeId, IVotes.Side.Respondent);
        _collectAll(disputeId);
        _requireVoter(members[0], SEAT, FEE + SEAT / 2);
        _requireVoter(members[2], 0, 0);
        assertEq(court.balanceOf(PROVIDER), 6 * BOND - 2 * FEE);
        assertEq(court.disputeOf(disputeId).held, 0);
    }

    function test_a_tie_decides_for_neither_and_both_pay_half() public {
        uint256 disputeId = _drawn();
        address[] memory members = _members(disputeId);
        _vote(disputeId, 1, 1);
        _closeUnappealed(disputeId);
        _requireWinner(disputeId, IVotes.Side.None);
        _collectAll(disputeId);
        _requireVoter(members[0], SEAT, FEE + SEAT / 2);
        _requireVoter(members[1], SEAT, FEE + SEAT / 2);
        _requireVoter(members[2], 0, 0);
        assertEq(court.balanceOf(REQUESTER), 3 * BOND - FEE);
        assertEq(court.balanceOf(PROVIDER), 3 * BOND - FEE);
        // Halfway between nothing and everything.
        _requireBalances(500 * DOLLAR, 510 * DOLLAR, 10 * DOLLAR);
    }

    function test_too_few_votes_decide_for_neither() public {
        uint256 disputeId = _drawn();
        _vote(disputeId, 1, 0);
        assertEq(uint256(court.disputeOf(disputeId).verdict), uint256(IVotes.Side.None));
        _closeUnappealed(disputeId);
        _requireWinner(disputeId, IVotes.Side.None);
        _collectAll(disputeId);
        assertEq(court.disputeOf(disputeId).held, 0);
    }

    function test_what_silent_seats_lose_goes_to_the_parties_where_nobody_voted() public {
        uint256 disputeId = _drawn();
        _vote(disputeId, 0, 0);
        _closeUnappealed(disputeId);
        _requireWinner(disputeId, IVotes.Side.None);
        _collectAll(disputeId);
        assertEq(court.balanceOf(REQUESTER), 3 * BOND + 3 * SEAT / 2);
        assertEq(court.balanceOf(PROVIDER), 3 * BOND + 3 * SEAT / 2);
        assertEq(court.disputeOf(disputeId).held, 0);
    }

    function test_no_arbitrators_decide_for_neither() public {
        for (uint256 i = 0; i < ARBITRATORS; ++i) {
            vm.prank(_arbitrator(i));
            court.requestUnstake(SEAT);
        }
        uint256 disputeId = _drawn();
        _pass(6 hours);
        _advance(disputeId);
        _mine(5);
        court.draw();
        _pass(6 hours);
        _advance(disputeId);
        _requirePhase(disputeId, IDisputes.Phase.Appealing);
        _closeUnappealed(disputeId);
        _requireWinner(disputeId, IVotes.Side.None);
        assertEq(court.balanceOf(REQUESTER), 3 * BOND);
        assertEq(court.balanceOf(PROVIDER), 3 * BOND);
    }

    function test_the_last_panel_says_who_was_coherent_in_every_round() public {
        uint256 disputeId = _drawn();
        address[] memory first = _members(disputeId);
        _vote(disputeId, 1, 2);
        _appeal(disputeId, REQUESTER, PROVIDER);
        address[] memory second = _members(disputeId);
        assertEq(second.length, 7);
        _vote(disputeId, 4, 3);
        _appeal(disputeId, PROVIDER, REQUESTER);
        assertEq(_members(disputeId).length, 15);
        _vote(disputeId, 15, 0);
        // After the last round there is nothing to wait for.
        _requireWinner(disputeId, IVotes.Side.Opener);
        _collectAll(disputeId);
        _requireVoter(first[0], SEAT, FEE + SEAT);
        _requireVoter(first[1], SEAT / 2, 0);
        _requireVoter(second[0], SEAT, FEE + uint256(3 * (SEAT / 2)) / 4);
        _requireVoter(second[6], SEAT / 2, 0);
        // Three rounds' bonds of the loser pay 1, 4 and 15 fees.
        assertEq(court.balanceOf(REQUESTER), 2 * (3 + 7 + 15) * BOND - 20 * FEE);
        assertEq(court.balanceOf(PROVIDER), 0);
        assertEq(court.disputeOf(disputeId).held, 0);
    }

    /// @dev Whatever a panel's votes, all it locked and both bonds are paid out, to the unit.
    function testFuzz_a_round_divides_all_it_holds(uint8 forOpener, uint8 forRespondent, uint128 seat, uint128 fee)
        public
    {
        for (uint256 i = 0; i < ARBITRATORS; ++i) {
            vm.prank(_arbitrator(i));
            court.requestUnstake(SEAT);
        }
        (uint256 stake, uint256 fees) = (_bound(seat, 1, SEAT), _bound(fee, 1, BOND));
        _setRules(uint128(stake), uint128(fees));
        for (uint256 i = 0; i < ARBITRATORS; ++i) {
            _stakeAs(_arbitrator(i), stake);
        }
        uint256 disputeId = _drawn();
        forOpener = uint8(_bound(forOpener, 0, 7));
        forRespondent = uint8(_bound(forRespondent, 0, 7 - forOpener));
        _vote(disputeId, forOpener, forRespondent);
        _closeUnappealed(disputeId);
        _collectAll(disputeId);
        assertEq(court.disputeOf(disputeId).held, 0);
        uint256 sum = court.balanceOf(REQUESTER) + court.balanceOf(PROVIDER);
        for (uint256 i = 0; i < ARBITRATORS; ++i) {
            sum += court.balanceOf(_arbitrator(i)) + _staked(_arbitrator(i));
        }
        assertEq(sum, 14 * BOND + ARBITRATORS * stake);
        bool decided = forOpener + forRespondent >= 4 && forOpener != forRespondent;
        IVotes.Side winner = forOpener > forRespondent ? IVotes.Side.Opener : IVotes.Side.Respondent;
        _requireWinner(disputeId, decided ? winner : IVotes.Side.None);
    }

    function _setRules(uint128 stake, uint128 fee) private {
        ICourtParameters.Parameters memory rules = _rules();
        (rules.seatStake, rules.feePerSeat, rules.firstSeats) = (stake, fee, 7);
        court.setParameters(rules);
    }
}
