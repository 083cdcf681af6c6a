// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Court} from "../src/Court.sol";
import {IArbitrable} from "../src/interfaces/IArbitrable.sol";
import {ICourtParameters} from "../src/interfaces/ICourtParameters.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IVotes} from "../src/interfaces/IVotes.sol";
import {CourtFixture} from "./CourtFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Takes its ruling as badly as a contract can.
contract BadSubject is IArbitrable {
    enum Way {
        Revert,
        Burn,
        Flood,
        Reenter,
        Take
    }

    Way public way;
    address public respondent;

    constructor(address against) {
        respondent = against;
    }

    function setWay(Way given) external {
        way = given;
    }

    function hold(uint256, address) external view returns (address) {
        return respondent;
    }

    function rule(uint256, uint16, bool) external {
        if (way == Way.Revert) revert();
        if (way == Way.Burn) while (true) {}
        if (way == Way.Flood) {
            assembly {
                return(0, 500000)
            }
        }
        if (way == Way.Reenter) Court(msg.sender).execute(1);
    }
}

contract TaxedToken is ERC20("Taxed", "TAX") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0)) super._update(to, address(0), 1);
    }
}

contract DisputesTest is CourtFixture {
    function _expectWrongPhase(uint256 disputeId, IDisputes.Phase phase) private {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, disputeId, phase));
    }

    function test_opening_holds_the_escrow_and_posts_a_bond() public {
        uint256 escrowId = _delivered();
        vm.expectEmit();
        emit IDisputes.DisputeOpened(1, address(escrow), escrowId, REQUESTER, PROVIDER, 2_500);
        vm.expectEmit();
        emit IDisputes.BondPosted(1, 0, IVotes.Side.Opener, REQUESTER, 3 * BOND);
        vm.expectEmit();
        emit IDisputes.PhaseBegun(1, 0, IDisputes.Phase.Matching, START + 1 days);
        vm.expectEmit();
        emit IDisputes.EvidenceSubmitted(1, REQUESTER, 0, "ipfs://complaint", keccak256("complaint"));
        uint256 disputeId = _openOver(escrowId, 2_500);
        vm.snapshotGasLastCall("open");
        _requireState(escrowId, IEscrow.State.Held);
        assertEq(coin.balanceOf(REQUESTER), WALLET - 3 * BOND);
        assertEq(court.bondOf(disputeId, 0), 3 * BOND);
        assertEq(court.disputeOf(disputeId).held, 3 * BOND);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.WrongState.selector, escrowId, IEscrow.State.Held));
        court.open(escrow, escrowId, 0, "", 0);
    }

    function test_only_what_the_subject_lets_be_disputed_is_disputed() public {
        uint256 escrowId = _delivered();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.OnlyRequester.selector, STRANGER, REQUESTER));
        court.open(escrow, escrowId, 0, "", 0);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OfferOutOfBounds.selector, 10_000, 0, 9_999));
        court.open(escrow, escrowId, 10_000, "", 0);
        BadSubject subject = new BadSubject(address(0));
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NoRespondent.selector, address(0)));
        court.open(subject, 1, 0, "", 0);
        subject = new BadSubject(REQUESTER);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NoRespondent.selector, REQUESTER));
        court.open(subject, 1, 0, "", 0);
    }

    function test_a_dispute_without_its_bond_does_not_hold_the_escrow() public {
        uint256 escrowId = _delivered();
        vm.prank(REQUESTER);
        coin.transfer(STRANGER, WALLET);
        vm.prank(REQUESTER);
        vm.expectRevert();
        court.open(escrow, escrowId, 0, "", 0);
        _requireState(escrowId, IEscrow.State.Delivered);
    }

    function test_the_respondent_answers_above_the_openers_offer_and_in_time() public {
        uint256 disputeId = _openOver(_delivered(), 2_500);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OnlyRespondent.selector, STRANGER, PROVIDER));
        court.answer(disputeId, 10_000, "", 0);
        vm.prank(PROVIDER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OfferOutOfBounds.selector, 2_500, 2_500, 10_000));
        court.answer(disputeId, 2_500, "", 0);
        vm.prank(PROVIDER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OfferOutOfBounds.selector, 10_001, 2_500, 10_000));
        court.answer(disputeId, 10_001, "", 0);
        _expectWrongPhase(disputeId, IDisputes.Phase.Matching);
        court.matchAppeal(disputeId);
        vm.expectEmit();
        emit IDisputes.DisputeAnswered(disputeId, PROVIDER, 10_000);
        _answer(disputeId);
        vm.snapshotGasLastCall("answer");
        _requirePhase(disputeId, IDisputes.Phase.Evidence);
        uint256 late = _openOver(_delivered(), 2_500);
        _pass(1 days);
        vm.prank(PROVIDER);
        vm.expectRevert(
            abi.encodeWithSelector(IDisputes.PhasePassed.selector, late, IDisputes.Phase.Matching, clock, clock)
        );
        court.answer(late, 10_000, "", 0);
    }

    function test_a_respondent_that_stays_silent_loses_by_default() public {
        _allow(PROVIDER, 500 * DOLLAR, address(stakes));
        vm.prank(PROVIDER);
        stakes.stake(NODE, address(token), 500 * DOLLAR);
        uint256 disputeId = _opened();
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.PhaseStillOpen.selector, disputeId, IDisputes.Phase.Matching, START + 1 days, START
            )
        );
        court.advance(disputeId);
        _pass(1 days);
        vm.expectEmit();
        emit IDisputes.DisputeClosed(disputeId, IVotes.Side.Opener, 0);
        _advance(disputeId);
        _requireWinner(disputeId, IVotes.Side.Opener);
        _requireBalances(0, AMOUNT, 0);
        assertEq(court.balanceOf(REQUESTER), 3 * BOND);
        assertEq(stakes.stakeOf(PROVIDER, NODE, address(token)), 398 * DOLLAR);
        _expectWrongPhase(disputeId, IDisputes.Phase.Closed);
        court.advance(disputeId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.AlreadyExecuted.selector, disputeId));
        court.execute(disputeId);
    }

    function test_both_sides_show_evidence_within_its_period_and_nobody_else() public {
        uint256 disputeId = _opened();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OnlyParty.selector, STRANGER));
        court.submitEvidence(disputeId, "ipfs://gossip", keccak256("gossip"));
        vm.prank(REQUESTER);
        court.submitEvidence(disputeId, "ipfs://log", keccak256("log"));
        _answer(disputeId);
        vm.prank(PROVIDER);
        court.submitEvidence(disputeId, "ipfs://proof", keccak256("proof"));
        IDisputes.Exhibit[] memory exhibits = court.evidenceOf(disputeId);
        assertEq(exhibits.length, 4);
        assertTrue(exhibits[1].by == REQUESTER && exhibits[1].contentHash == keccak256("log"));
        assertTrue(exhibits[2].by == PROVIDER && exhibits[2].contentHash == keccak256("defence"));
        assertEq(exhibits[3].shownAt, START);
        _pass(1 days);
        vm.prank(PROVIDER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.PhasePassed.selector, disputeId, IDisputes.Phase.Evidence, clock, clock
            )
        );
        court.submitEvidence(disputeId, "ipfs://late", keccak256("late"));
        _advance(disputeId);
        _expectWrongPhase(disputeId, IDisputes.Phase.Drawing);
        vm.prank(PROVIDER);
        court.submitEvidence(disputeId, "ipfs://late", keccak256("late"));
    }

    function test_an_opener_that_gives_in_pays_the_other_half_its_bond() public {
        uint256 disputeId = _openOver(_delivered(), 4_000);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OnlyParty.selector, STRANGER));
        court.concede(disputeId);
        vm.expectEmit();
        emit IDisputes.Conceded(disputeId, REQUESTER);
        vm.prank(REQUESTER);
        court.concede(disputeId);
        _requireWinner(disputeId, IVotes.Side.Respondent);
        _requireBalances(1_000 * DOLLAR, 0, 20 * DOLLAR);
        assertEq(court.balanceOf(REQUESTER), 3 * BOND / 2);
        assertEq(court.balanceOf(PROVIDER), 3 * BOND / 2);
        assertEq(court.disputeOf(disputeId).held, 0);
        disputeId = _answered();
        vm.prank(REQUESTER);
        court.concede(disputeId);
        assertEq(court.balanceOf(REQUESTER), 3 * BOND);
        assertEq(court.balanceOf(PROVIDER), 6 * BOND);
    }

    function test_a_respondent_that_gives_in_takes_the_openers_offer() public {
        uint256 disputeId = _openOver(_delivered(), 2_500);
        vm.prank(PROVIDER);
        court.concede(disputeId);
        _requireWinner(disputeId, IVotes.Side.Opener);
        _requireBalances(250 * DOLLAR, 765 * DOLLAR, 5 * DOLLAR);
        assertEq(court.balanceOf(REQUESTER), 3 * BOND);
        disputeId = _answered();
        vm.prank(PROVIDER);
        court.concede(disputeId);
        assertEq(court.balanceOf(REQUESTER), 3 * BOND + 3 * BOND + 3 * BOND / 2);
        assertEq(court.balanceOf(PROVIDER), 3 * BOND / 2);
        disputeId = _drawn();
        _expectWrongPhase(disputeId, IDisputes.Phase.Accepting);
        vm.prank(PROVIDER);
        court.concede(disputeId);
    }

    function test_a_ruling_for_the_respondent_pays_by_its_offer_and_takes_no_stake() public {
        _allow(PROVIDER, 500 * DOLLAR, address(stakes));
        vm.prank(PROVIDER);
        stakes.stake(NODE, address(token), 500 * DOLLAR);
        uint256 disputeId = _opened();
        vm.prank(PROVIDER);
        court.answer(disputeId, 7_500, "", 0);
        _draw(disputeId);
        _vote(disputeId, 0, 3);
        _closeUnappealed(disputeId);
        _requireBalances(750 * DOLLAR, 255 * DOLLAR, 15 * DOLLAR);
        assertEq(stakes.stakeOf(PROVIDER, NODE, address(token)), 500 * DOLLAR);
    }

    function test_steps_wait_for_their_window_unless_everybody_has_had_their_turn() public {
        uint256 disputeId = _drawn();
        address[] memory members = _members(disputeId);
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDisputes.PhaseStillOpen.selector,
                    disputeId,
                    IDisputes.Phase.Accepting,
                    clock + 6 hours,
                    clock
                )
            );
            court.advance(disputeId);
            _commit(disputeId, members[i], IVotes.Side.Opener);
        }
        _advance(disputeId);
        _requirePhase(disputeId, IDisputes.Phase.Committing);
        _advance(disputeId);
        _requirePhase(disputeId, IDisputes.Phase.Revealing);
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert();
            court.advance(disputeId);
            court.revealVote(disputeId, members[i], IVotes.Side.Opener, SALT);
        }
        _advance(disputeId);
        _requirePhase(disputeId, IDisputes.Phase.Appealing);
        vm.expectRevert();
        court.advance(disputeId);
        _expectWrongPhase(99, IDisputes.Phase.None);
        court.advance(99);
    }

    function test_the_losing_side_appeals_to_more_arbitrators_for_a_higher_bond() public {
        uint256 disputeId = _drawn();
        _vote(disputeId, 3, 0);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NothingToAppeal.selector, REQUESTER));
        court.appeal(disputeId);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OnlyParty.selector, STRANGER));
        court.appeal(disputeId);
        vm.prank(PROVIDER);
        court.appeal(disputeId);
        assertEq(court.bondOf(disputeId, 1), 7 * BOND);
        vm.prank(PROVIDER);
        _expectWrongPhase(disputeId, IDisputes.Phase.Matching);
        court.answer(disputeId, 10_000, "", 0);
        vm.prank(PROVIDER);
        _expectWrongPhase(disputeId, IDisputes.Phase.Matching);
        court.concede(disputeId);
        // Anyone may stand in for the side that must match, and is paid back.
        _equip(STRANGER, 7 * BOND);
        vm.prank(STRANGER);
        court.matchAppeal(disputeId);
        _draw(disputeId);
        vm.snapshotGasLastCall("draw, 7 seats of 28 arbitrators");
        _vote(disputeId, 4, 3);
        _pass(1 days);
        vm.prank(PROVIDER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDisputes.PhasePassed.selector, disputeId, IDisputes.Phase.Appealing, clock, clock
            )
        );
        court.appeal(disputeId);
        _advance(disputeId);
        _requireWinner(disputeId, IVotes.Side.Opener);
        assertEq(court.balanceOf(STRANGER), 14 * BOND - 4 * FEE);
        assertEq(court.balanceOf(REQUESTER), 6 * BOND - 3 * FEE);
    }

    function test_an_appeal_nobody_matches_is_won_and_costs_the_voters_nothing() public {
        uint256 disputeId = _drawn();
        address[] memory members = _members(disputeId);
        _vote(disputeId, 3, 0);
        vm.prank(PROVIDER);
        court.appeal(disputeId);
        _pass(1 days);
        _advance(disputeId);
        _requireWinner(disputeId, IVotes.Side.Respondent);
        _requireBalances(1_000 * DOLLAR, 0, 20 * DOLLAR);
        _collectAll(disputeId);
        assertEq(_staked(members[0]), SEAT);
        assertEq(court.balanceOf(members[0]), FEE);
        assertEq(court.balanceOf(PROVIDER), 7 * BOND + 6 * BOND - 3 * FEE);
        assertEq(court.disputeOf(disputeId).held, 0);
    }

    function test_either_side_appeals_what_was_decided_for_neither() public {
        uint256 disputeId = _drawn();
        _vote(disputeId, 1, 1);
        vm.prank(REQUESTER);
        court.appeal(disputeId);
        _pass(1 days);
        _advance(disputeId);
        _requireWinner(disputeId, IVotes.Side.Opener);
        disputeId = _drawn();
        _vote(disputeId, 1, 1);
        vm.prank(PROVIDER);
        court.appeal(disputeId);
        _pass(1 days);
        _advance(disputeId);
        _requireWinner(disputeId, IVotes.Side.Respondent);
    }

    function test_a_subject_that_will_not_be_ruled_on_stops_nobody() public {
        BadSubject subject = new BadSubject(PROVIDER);
        vm.prank(REQUESTER);
        uint256 disputeId = court.open(subject, 7, 0, "", 0);
        _expectWrongPhase(disputeId, IDisputes.Phase.Matching);
        court.execute(disputeId);
        _pass(1 days);
        vm.expectEmit();
        emit IDisputes.RulingRefused(disputeId);
        court.advance{gas: 1_500_000}(disputeId);
        _requireWinner(disputeId, IVotes.Side.Opener);
        court.withdraw(REQUESTER);
        for (uint256 way = 0; way <= uint256(BadSubject.Way.Reenter); ++way) {
            if (way == uint256(BadSubject.Way.Flood)) continue;
            subject.setWay(BadSubject.Way(way));
            vm.expectRevert(abi.encodeWithSelector(IDisputes.RulingFailed.selector, disputeId));
            court.execute{gas: 1_500_000}(disputeId);
        }
        subject.setWay(BadSubject.Way.Flood);
        vm.expectEmit();
        emit IDisputes.RulingExecuted(disputeId);
        court.execute{gas: 1_500_000}(disputeId);
    }

    function test_nobody_leaves_the_ruling_out_by_sending_too_little_gas() public {
        uint256 disputeId = _opened();
        _pass(1 days);
        for (uint256 gas_ = 300_000; gas_ < 2_000_000; gas_ += 100_000) {
            (bool closed,) = address(court).call{gas: gas_}(abi.encodeCall(court.advance, (disputeId)));
            assertTrue(closed == court.disputeOf(disputeId).executed);
            if (closed) return _requireBalances(0, AMOUNT, 0);
        }
        revert Untrue();
    }

    function test_a_bond_that_shrinks_on_its_way_is_refused() public {
        TaxedToken taxed = new TaxedToken();
        Court other = new Court(address(manager), address(taxed), BOND, _rules());
        taxed.mint(REQUESTER, WALLET);
        vm.prank(REQUESTER);
        taxed.approve(address(other), WALLET);
        BadSubject subject = new BadSubject(PROVIDER);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.BondShort.selector, 3 * BOND - 1, 3 * BOND));
        other.open(subject, 1, 0, "", 0);
    }

    function test_a_dispute_keeps_the_rules_it_was_opened_under() public {
        uint256 disputeId = _opened();
        ICourtParameters.Parameters memory rules = _rules();
        (rules.bondPerSeat, rules.firstSeats, rules.evidenceWindow) = (20 * FEE, 5, 7 days);
        vm.expectEmit();
        emit ICourtParameters.ParametersSet(1, rules);
        court.setParameters(rules);
        assertEq(court.parameters().firstSeats, 5);
        _answer(disputeId);
        assertEq(court.bondOf(disputeId, 0), 3 * BOND);
        _draw(disputeId);
        assertEq(court.roundOf(disputeId, 0).seats, 3);
    }
}

contract CourtParametersTest is CourtFixture {
    function _expectRefused(ICourtParameters.Parameters memory rules, bytes memory reason) private {
        vm.expectRevert(reason);
        court.setParameters(rules);
    }

    function test_governance_sets_rules_within_bounds_and_nobody_else_does() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        court.setParameters(_rules());
        assertTrue(court.token() == address(coin));
        assertEq(court.maxBondPerSeat(), 1_000 * COIN);
        vm.expectRevert(abi.encodeWithSelector(ICourtParameters.ZeroAddress.selector));
        new Court(address(manager), address(0), BOND, _rules());
        ICourtParameters.Parameters memory rules = _rules();
        rules.responseWindow = 5 minutes - 1;
        bytes4 window = ICourtParameters.WindowOutOfBounds.selector;
        _expectRefused(rules, abi.encodeWithSelector(window, 5 minutes - 1, 5 minutes, 7 days));
        rules = _rules();
        rules.appealWindow = 7 days + 1;
        _expectRefused(rules, abi.encodeWithSelector(window, 7 days + 1, 5 minutes, 7 days));
        rules = _rules();
        rules.unstakeDelay = 60 days + 1;
        _expectRefused(rules, abi.encodeWithSelector(window, 60 days + 1, 0, 60 days));
        rules = _rules();
        rules.firstSeats = 4;
        _expectRefused(rules, abi.encodeWithSelector(ICourtParameters.SeatsOutOfBounds.selector, 4, 7));
        rules.firstSeats = 9;
        _expectRefused(rules, abi.encodeWithSelector(ICourtParameters.SeatsOutOfBounds.selector, 9, 7));
        rules = _rules();
        rules.rounds = 0;
        _expectRefused(rules, abi.encodeWithSelector(ICourtParameters.RoundsOutOfBounds.selector, 0, 3));
        rules.rounds = 4;
        _expectRefused(rules, abi.encodeWithSelector(ICourtParameters.RoundsOutOfBounds.selector, 4, 3));
        rules = _rules();
        rules.incoherenceBps = 10_001;
        _expectRefused(
            rules, abi.encodeWithSelector(ICourtParameters.IncoherenceOverStake.selector, 10_001)
        );
    }

    function test_no_rules_price_anybody_out_or_leave_fees_uncovered() public {
        uint128[3][5] memory amounts = [
            [0, FEE, BOND],
            [SEAT, 0, BOND],
            [SEAT, BOND + 1, BOND],
            [SEAT, FEE, uint128(1_000 * COIN + 1)],
            [uint128(100_000 * COIN + 1), FEE, BOND]
        ];
        for (uint256 i = 0; i < amounts.length; ++i) {
            ICourtParameters.Parameters memory rules = _rules();
            (rules.seatStake, rules.feePerSeat, rules.bondPerSeat) = (amounts[i][0], amounts[i][1], amounts[i][2]);
            _expectRefused(
                rules,
                abi.encodeWithSelector(
                    ICourtParameters.AmountsOutOfBounds.selector,
                    rules.seatStake,
                    rules.feePerSeat,
                    rules.bondPerSeat,
                    1_000 * COIN
                )
            );
        }
    }
}
