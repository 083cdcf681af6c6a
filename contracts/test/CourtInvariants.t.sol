// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Court} from "../src/Court.sol";
import {ICourtParameters} from "../src/interfaces/ICourtParameters.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IEscrowFunding} from "../src/interfaces/IEscrowFunding.sol";
import {IVotes} from "../src/interfaces/IVotes.sol";
import {CourtFixture} from "./CourtFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Does whatever parties, arbitrators and strangers may do, in any order, as far as the court lets them.
contract CourtActor is CourtFixture {
    uint256 private constant VOTERS = 6;
    uint256 private constant MOST_DISPUTES = 6;
    /// @dev Steps a dispute can need that nobody appeals: seven windows and two draws.
    uint256 private constant MOST_STEPS = 9;

    uint256 public count;

    error Insolvent(uint256 owed, uint256 held);
    error NeverEnds(uint256 disputeId, IDisputes.Phase phase);
    error LeftOver(uint256 disputeId, uint256 held);
    error NotRuled(uint256 disputeId);

    function setUp() public override {
        if (address(court) == address(0)) super.setUp();
    }

    function _stakeAll() internal override {
        for (uint256 i = 0; i < VOTERS; ++i) {
            _stakeAs(_arbitrator(i), 4 * SEAT);
        }
    }

    function stake(uint256 who, uint256 amount) external {
        amount = _bound(amount, 1, 3 * SEAT);
        address voter = _voter(who);
        _equip(voter, amount);
        vm.prank(voter);
        try court.stake(amount) {} catch {}
    }

    function requestUnstake(uint256 who, uint256 amount) external {
        address voter = _voter(who);
        vm.prank(voter);
        try court.requestUnstake(_bound(amount, 0, 2 * SEAT)) {} catch {}
    }

    function completeUnstake(uint256 who) external {
        try court.completeUnstake(_voter(who)) {} catch {}
    }

    function withdraw(uint256 who) external {
        try court.withdraw(_owner(who)) {} catch {}
    }

    function open(uint16 share) external {
        if (count == MOST_DISPUTES) return;
        _equip(REQUESTER, WALLET);
        _equip(PROVIDER, WALLET);
        count = _openOver(_deliveredNow(), uint16(_bound(share, 0, 9_999)));
    }

    function answer(uint256 id, uint16 share) external {
        uint256 disputeId = _pick(id);
        uint256 least = uint256(court.disputeOf(disputeId).openerBps) + 1;
        vm.prank(PROVIDER);
        try court.answer(disputeId, uint16(_bound(share, least, 10_000)), "", 0) {} catch {}
    }

    function concede(uint256 id, bool opener) external {
        if (id % 4 != 0) return;
        vm.prank(opener ? REQUESTER : PROVIDER);
        try court.concede(_pick(id / 4)) {} catch {}
    }

    function appeal(uint256 id, bool opener) external {
        vm.prank(opener ? REQUESTER : PROVIDER);
        try court.appeal(_pick(id)) {} catch {}
    }

    function matchAppeal(uint256 id, bool opener) external {
        vm.prank(opener ? REQUESTER : PROVIDER);
        try court.matchAppeal(_pick(id)) {} catch {}
    }

    function draw(uint256 blocks) external {
        _mine(_bound(blocks, 1, blocks % 8 == 0 ? 300 : 6));
        try court.draw() {} catch {}
    }

    function decline(uint256 id, uint256 who) external {
        vm.prank(_voter(who));
        try court.decline(_pick(id)) {} catch {}
    }

    function commit(uint256 id, uint256 who, bool opener) external {
        uint256 disputeId = _pick(id);
        address voter = _voter(who);
        bytes32 commitment =
            court.commitmentOf(disputeId, court.disputeOf(disputeId).round, voter, _side(opener), SALT);
        vm.prank(voter);
        try court.commitVote(disputeId, commitment) {} catch {}
    }

    function reveal(uint256 id, uint256 who) external {
        uint256 disputeId = _pick(id);
        try court.revealVote(disputeId, _voter(who), IVotes.Side.Opener, SALT) {} catch {}
        try court.revealVote(disputeId, _voter(who), IVotes.Side.Respondent, SALT) {} catch {}
    }

    function advance(uint256 id) external {
        try court.advance(_pick(id)) {} catch {}
    }

    /// @dev Takes the step that is due, waiting for it: without this few sequences would reach a vote.
    function advanceInTime(uint256 id) external {
        if (count != 0) _step(_pick(id));
    }

    function collect(uint256 id, uint256 round, uint256 who) external {
        try court.collect(_pick(id), round % 3, _voter(who)) {} catch {}
    }

    function execute(uint256 id) external {
        try court.execute(_pick(id)) {} catch {}
    }

    function setRules(uint128 seat, uint128 bond, uint16 incoherenceBps) external {
        ICourtParameters.Parameters memory rules = _rules();
        rules.seatStake = uint128(_bound(seat, 1, 3 * SEAT));
        rules.bondPerSeat = uint128(_bound(bond, FEE, 3 * BOND));
        rules.incoherenceBps = uint16(_bound(incoherenceBps, 0, 10_000));
        court.setParameters(rules);
    }

    function passTime(uint256 seconds_) external {
        _pass(_bound(seconds_, 1, 8 hours));
    }

    function owed() public view returns (uint256 sum) {
        for (uint256 i = 0; i < VOTERS + 2; ++i) {
            address owner = _owner(i);
            (uint256 staked, uint256 unstaking,) = court.stakeOf(owner);
            sum += staked + unstaking + court.balanceOf(owner);
        }
        for (uint256 id = 1; id <= count; ++id) {
            sum += court.disputeOf(id).held;
        }
    }

    function checkSolvency() external view {
        uint256 held = coin.balanceOf(address(court));
        if (owed() != held) revert Insolvent(owed(), held);
    }

    /// @dev Everybody falls silent, and a stranger takes every step that is due: all disputes end, are executed, and
    /// have paid out whatever they held.
    function checkLiveness() external {
        for (uint256 id = 1; id <= count; ++id) {
            for (uint256 steps = 0; court.disputeOf(id).phase != IDisputes.Phase.Closed; ++steps) {
                if (steps == MOST_STEPS) revert NeverEnds(id, court.disputeOf(id).phase);
                _step(id);
            }
            if (!court.disputeOf(id).executed) revert NotRuled(id);
        }
        for (uint256 id = 1; id <= count; ++id) {
            _drainQueue();
            _collectAll(id);
            if (court.disputeOf(id).held != 0) revert LeftOver(id, court.disputeOf(id).held);
        }
    }

    function _step(uint256 disputeId) private {
        IDisputes.Dispute memory dispute = court.disputeOf(disputeId);
        if (dispute.phase == IDisputes.Phase.Drawing) return _drainQueue();
        if (clock < dispute.phaseEndsAt) _pass(dispute.phaseEndsAt - clock);
        vm.prank(STRANGER);
        try court.advance(disputeId) {} catch {}
    }

    function _drainQueue() private {
        for (;;) {
            (uint256 next, uint256 seedBlock) = court.nextDraw();
            if (next == 0) return;
            if (height <= seedBlock) _mine(seedBlock + 1 - height);
            court.draw();
        }
    }

    function _deliveredNow() private returns (uint256 escrowId) {
        _allow(REQUESTER, AMOUNT, address(escrow));
        IEscrowFunding.Terms memory terms = _terms();
        terms.deliverBy = uint64(clock + 1 days);
        escrowId = _fund(terms);
        _deliver(escrowId);
    }

    function _voter(uint256 who) private pure returns (address) {
        return _arbitrator(who % VOTERS);
    }

    function _owner(uint256 who) private pure returns (address) {
        uint256 i = who % (VOTERS + 2);
        if (i == VOTERS) return REQUESTER;
        return i < VOTERS ? _arbitrator(i) : PROVIDER;
    }

    function _side(bool opener) private pure returns (IVotes.Side) {
        return opener ? IVotes.Side.Opener : IVotes.Side.Respondent;
    }

    function _pick(uint256 id) private view returns (uint256) {
        return count == 0 ? 1 : 1 + id % count;
    }
}

contract CourtInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    CourtActor private actor;

    function setUp() public {
        actor = new CourtActor();
        actor.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    /// @dev The checks end what they check, and the fixture is set up once.
    function excludeSelectors() public view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        excluded[0].addr = address(actor);
        excluded[0].selectors = new bytes4[](2);
        excluded[0].selectors[0] = CourtActor.checkLiveness.selector;
        excluded[0].selectors[1] = CourtActor.setUp.selector;
    }

    function invariant_the_court_holds_exactly_what_it_owes() public view {
        actor.checkSolvency();
    }

    /// @dev At the end of every sequence, since it plays all disputes to theirs.
    function afterInvariant() public {
        actor.checkLiveness();
        actor.checkSolvency();
    }
}

/// @dev The court with bugs that the checks must find.
contract LeakyCourt is Court {
    constructor(address authority, address courtToken, uint256 maxBond, Parameters memory given)
        Court(authority, courtToken, maxBond, given)
    {}

    function creditFromNothing(address to, uint256 amount) external {
        _balances[to] += amount;
    }

    function stall(uint256 disputeId) external {
        _disputes[disputeId].phase = Phase.None;
    }

    function keep(uint256 disputeId, uint256 amount) external {
        _disputes[disputeId].held += amount;
    }
}

contract LeakyCourtActor is CourtActor {
    function _newCourt() internal override returns (Court) {
        return new LeakyCourt(address(manager), address(coin), 1_000 * COIN, _rules());
    }

    function leaky() public view returns (LeakyCourt) {
        return LeakyCourt(address(court));
    }
}

contract CourtInvariantsCanFailTest {
    LeakyCourtActor private actor;
    LeakyCourt private court;

    function setUp() public {
        actor = new LeakyCourtActor();
        actor.setUp();
        court = actor.leaky();
        actor.open(0);
        actor.answer(0, 9_999);
        actor.advanceInTime(0);
        actor.advanceInTime(0);
        actor.checkSolvency();
    }

    function test_a_court_that_keeps_its_rules_passes() public {
        actor.checkLiveness();
        actor.checkSolvency();
    }

    function test_a_court_that_credits_from_nothing_is_found() public {
        uint256 owed = actor.owed();
        court.creditFromNothing(address(0xB0B), 1);
        vm.expectRevert(abi.encodeWithSelector(CourtActor.Insolvent.selector, owed + 1, owed));
        actor.checkSolvency();
    }

    function test_a_dispute_that_stalls_is_found() public {
        court.stall(1);
        vm.expectRevert(abi.encodeWithSelector(CourtActor.NeverEnds.selector, 1, IDisputes.Phase.None));
        actor.checkLiveness();
    }

    function test_a_dispute_that_keeps_what_it_held_is_found() public {
        court.keep(1, 5);
        vm.expectRevert(abi.encodeWithSelector(CourtActor.LeftOver.selector, 1, 5));
        actor.checkLiveness();
    }
}
