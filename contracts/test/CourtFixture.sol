// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Court} from "../src/Court.sol";
import {TestDollar} from "../src/TestDollar.sol";
import {ICourtParameters} from "../src/interfaces/ICourtParameters.sol";
import {IDisputes} from "../src/interfaces/IDisputes.sol";
import {IEscrowParameters} from "../src/interfaces/IEscrowParameters.sol";
import {IVotes} from "../src/interfaces/IVotes.sol";
import {EscrowFixture} from "./EscrowFixture.sol";
import {vm} from "./Vm.sol";

/// @title A court with as many arbitrators as three panels need, each good for one seat, and escrows under it
abstract contract CourtFixture is EscrowFixture {
    uint256 internal constant ARBITRATORS = 28;
    uint256 internal constant COIN = 1e18;
    uint128 internal constant SEAT = uint128(100 * COIN);
    uint128 internal constant FEE = uint128(10 * COIN);
    uint128 internal constant BOND = uint128(12 * COIN);
    uint256 internal constant WALLET = 10_000 * COIN;
    bytes32 internal constant SALT = keccak256("salt");

    Court internal court;
    TestDollar internal coin;
    uint256 internal clock = START;
    uint256 internal height = 1_000;

    function setUp() public virtual override {
        super.setUp();
        vm.roll(height);
        coin = new TestDollar();
        court = _newCourt();
        IEscrowParameters.Parameters memory given = _parameters();
        given.court = address(court);
        escrow.setParameters(given);
        _equip(REQUESTER, WALLET);
        _equip(PROVIDER, WALLET);
        _stakeAll();
    }

    function _stakeAll() internal virtual {
        for (uint256 i = 0; i < ARBITRATORS; ++i) {
            _stakeAs(_arbitrator(i), SEAT);
        }
    }

    function _newCourt() internal virtual returns (Court) {
        return new Court(address(manager), address(coin), 1_000 * COIN, _rules());
    }

    function _rules() internal pure returns (ICourtParameters.Parameters memory) {
        return ICourtParameters.Parameters({
            seatStake: SEAT,
            feePerSeat: FEE,
            bondPerSeat: BOND,
            incoherenceBps: 5_000,
            firstSeats: 3,
            rounds: 3,
            responseWindow: 1 days,
            evidenceWindow: 1 days,
            acceptWindow: 6 hours,
            commitWindow: 1 days,
            revealWindow: 1 days,
            appealWindow: 1 days,
            unstakeDelay: 7 days
        });
    }

    function _arbitrator(uint256 i) internal pure returns (address) {
        return address(uint160(0xA000 + i));
    }

    function _equip(address owner, uint256 amount) internal {
        coin.mint(owner, amount);
        vm.prank(owner);
        coin.approve(address(court), type(uint256).max);
    }

    function _stakeAs(address owner, uint256 amount) internal {
        _equip(owner, amount);
        vm.prank(owner);
        court.stake(amount);
    }

    function _pass(uint256 seconds_) internal {
        clock += seconds_;
        vm.warp(clock);
    }

    function _mine(uint256 blocks) internal {
        height += blocks;
        vm.roll(height);
    }

    function _openOver(uint256 escrowId, uint16 share) internal returns (uint256) {
        vm.prank(REQUESTER);
        return court.open(escrow, escrowId, share, "ipfs://complaint", keccak256("complaint"));
    }

    function _opened() internal returns (uint256) {
        return _openOver(_delivered(), 0);
    }

    function _answer(uint256 disputeId) internal {
        vm.prank(PROVIDER);
        court.answer(disputeId, 10_000, "ipfs://defence", keccak256("defence"));
    }

    function _answered() internal returns (uint256 disputeId) {
        disputeId = _opened();
        _answer(disputeId);
    }

    function _advance(uint256 disputeId) internal {
        vm.prank(STRANGER);
        court.advance(disputeId);
    }

    /// @dev From evidence to a drawn panel.
    function _draw(uint256 disputeId) internal {
        _pass(1 days);
        _advance(disputeId);
        _mine(5);
        court.draw();
    }

    function _drawn() internal returns (uint256 disputeId) {
        disputeId = _answered();
        _draw(disputeId);
    }

    function _members(uint256 disputeId) internal view returns (address[] memory members) {
        uint256 round = court.disputeOf(disputeId).round;
        members = new address[](court.roundOf(disputeId, round).filled);
        uint256 found = 0;
        for (uint256 i = 0; i < ARBITRATORS; ++i) {
            if (court.seatsOf(disputeId, round, _arbitrator(i)).count != 0) members[found++] = _arbitrator(i);
        }
    }

    function _commit(uint256 disputeId, address voter, IVotes.Side choice) internal {
        uint256 round = court.disputeOf(disputeId).round;
        bytes32 commitment = court.commitmentOf(disputeId, round, voter, choice, SALT);
        vm.prank(voter);
        court.commitVote(disputeId, commitment);
    }

    /// @dev The first members vote for the opener, the next for the respondent, the rest stay silent; then the panel
    /// decides.
    function _vote(uint256 disputeId, uint256 forOpener, uint256 forRespondent) internal {
        address[] memory members = _members(disputeId);
        uint256 voters = forOpener + forRespondent;
        for (uint256 i = 0; i < voters; ++i) {
            _commit(disputeId, members[i], _choice(i, forOpener));
        }
        _pass(6 hours);
        _advance(disputeId);
        _pass(1 days);
        _advance(disputeId);
        for (uint256 i = 0; i < voters; ++i) {
            court.revealVote(disputeId, members[i], _choice(i, forOpener), SALT);
        }
        _pass(1 days);
        _advance(disputeId);
    }

    function _choice(uint256 i, uint256 forOpener) internal pure returns (IVotes.Side) {
        return i < forOpener ? IVotes.Side.Opener : IVotes.Side.Respondent;
    }

    function _closeUnappealed(uint256 disputeId) internal {
        _pass(1 days);
        _advance(disputeId);
    }

    /// @dev An appeal by one side, matched by the other, up to its drawn panel.
    function _appeal(uint256 disputeId, address by, address other) internal {
        vm.prank(by);
        court.appeal(disputeId);
        vm.prank(other);
        court.matchAppeal(disputeId);
        _draw(disputeId);
    }

    function _collectAll(uint256 disputeId) internal {
        for (uint256 round = 0; round <= court.disputeOf(disputeId).round; ++round) {
            for (uint256 i = 0; i < ARBITRATORS; ++i) {
                IDisputes.Seats memory seats = court.seatsOf(disputeId, round, _arbitrator(i));
                if (seats.count != 0 && !seats.collected) {
                    court.collect(disputeId, round, _arbitrator(i));
                }
            }
        }
    }

    function _staked(address owner) internal view returns (uint256 staked) {
        (staked,,) = court.stakeOf(owner);
    }

    function _requirePhase(uint256 disputeId, IDisputes.Phase phase) internal view {
        assertEq(uint256(court.disputeOf(disputeId).phase), uint256(phase));
    }

    function _requireWinner(uint256 disputeId, IVotes.Side winner) internal view {
        _requirePhase(disputeId, IDisputes.Phase.Closed);
        assertEq(uint256(court.disputeOf(disputeId).winner), uint256(winner));
    }
}
