// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISealedAuction} from "../src/interfaces/ISealedAuction.sol";
import {SealedAuctionFixture} from "./SealedAuctionFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Requester, bidders and strangers do whatever they may, in any order, as far as the contract lets them.
contract AuctionActor is SealedAuctionFixture {
    uint256 private constant BIDDERS = 5;

    uint256 public clock = START;
    bytes32[] private _ids;

    error Insolvent(uint256 held, uint256 owed);

    function setUp() public override {
        if (address(auctions) == address(0)) super.setUp();
    }

    function open(uint32 tasks) external {
        if (_ids.length < 6) _ids.push(_open(uint32(_bound(tasks, 1, 4))));
    }

    function commit(uint256 which, uint256 bidder) external {
        bytes32 auctionId = _id(which);
        (uint256 index, uint128 ask, uint32 slots) = _bidOf(bidder, which);
        bytes32 commitment = auctions.commitmentOf(auctionId, _bidder(index), _offer(index, ask, slots));
        _fund(_bidder(index), DEPOSIT);
        vm.prank(_bidder(index));
        try auctions.commit(auctionId, commitment) {} catch {}
    }

    function reveal(uint256 which, uint256 bidder) external {
        bytes32 auctionId = _id(which);
        (uint256 index, uint128 ask, uint32 slots) = _bidOf(bidder, which);
        try auctions.reveal(auctionId, _bidder(index), _offer(index, ask, slots)) {} catch {}
    }

    function close(uint256 which) external {
        try auctions.close(_id(which)) {} catch {}
    }

    function award(uint256 which, uint256 bidder) external {
        try auctions.award(_id(which), _bidder(bidder % BIDDERS)) {} catch {}
    }

    function reclaim(uint256 which, uint256 bidder) external {
        try auctions.reclaim(_id(which), _bidder(bidder % BIDDERS)) {} catch {}
    }

    function refuse(bool refuses) external {
        escrow.refuse(refuses);
    }

    function withdraw(uint256 who) external {
        try auctions.withdraw(_owner(who), address(token)) {} catch {}
    }

    function passTime(uint256 seconds_) external {
        clock += seconds_ % 8 == 0 ? 3 days : _bound(seconds_, 1, REVEAL);
        vm.warp(clock);
    }

    /// @dev Reverts when the contract does not hold exactly what it owes.
    function check() external view {
        uint256 owed = 0;
        for (uint256 who = 0; who < BIDDERS + 3; ++who) owed += _due(_owner(who));
        for (uint256 i = 0; i < _ids.length; ++i) owed += _promised(_ids[i]);
        uint256 held = token.balanceOf(address(auctions));
        if (held != owed) revert Insolvent(held, owed);
    }

    /// @dev A planted fault, for the test that shows `check` sees it; not among what the fuzzer calls.
    function plantTheft() external {
        vm.prank(address(auctions));
        token.transfer(STRANGER, 1);
    }

    function _promised(bytes32 auctionId) private view returns (uint256 sum) {
        ISealedAuction.Terms memory terms = auctions.termsOf(auctionId);
        address[] memory bidders = auctions.biddersOf(auctionId);
        if (auctions.auctionOf(auctionId).state == ISealedAuction.AuctionState.Open) {
            return uint256(terms.tasks) * terms.reserve + bidders.length * terms.deposit;
        }
        for (uint256 i = 0; i < bidders.length; ++i) {
            ISealedAuction.Bid memory bid = auctions.bidOf(auctionId, bidders[i]);
            if (!bid.spent) sum += bid.payment;
        }
    }

    function _id(uint256 which) private view returns (bytes32) {
        return _ids.length == 0 ? bytes32(0) : _ids[which % _ids.length];
    }

    /// @dev The same bid whenever it is asked for, so that most can be revealed.
    function _bidOf(uint256 bidder, uint256 which) private view returns (uint256 index, uint128 ask, uint32 slots) {
        index = bidder % BIDDERS;
        uint256 random = uint256(keccak256(abi.encode(index, _id(which))));
        return (index, uint128(random % 11 * 11e6), uint32(random % 4));
    }

    function _owner(uint256 who) private view returns (address) {
        who %= BIDDERS + 3;
        if (who < BIDDERS) return _bidder(who);
        return who == BIDDERS ? REQUESTER : who == BIDDERS + 1 ? FAULTS : address(this);
    }
}

contract SealedAuctionInvariantsTest {
    AuctionActor private actor;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    error Never(string what);

    function setUp() public {
        actor = new AuctionActor();
        actor.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(actor);
        targets[0].selectors = new bytes4[](9);
        targets[0].selectors[0] = actor.open.selector;
        targets[0].selectors[1] = actor.commit.selector;
        targets[0].selectors[2] = actor.reveal.selector;
        targets[0].selectors[3] = actor.close.selector;
        targets[0].selectors[4] = actor.award.selector;
        targets[0].selectors[5] = actor.reclaim.selector;
        targets[0].selectors[6] = actor.refuse.selector;
        targets[0].selectors[7] = actor.withdraw.selector;
        targets[0].selectors[8] = actor.passTime.selector;
    }

    function invariant_auctions_hold_exactly_what_they_owe() public view {
        actor.check();
    }

    function test_the_invariant_sees_a_theft_at_every_stage() public {
        actor.open(2);
        for (uint256 bidder = 0; bidder < 5; ++bidder) actor.commit(0, bidder);
        actor.check();
        actor.passTime(3_599);
        for (uint256 bidder = 0; bidder < 4; ++bidder) actor.reveal(0, bidder);
        actor.passTime(7_199);
        actor.close(0);
        actor.check();
        for (uint256 bidder = 0; bidder < 5; ++bidder) actor.award(0, bidder);
        actor.check();
        actor.plantTheft();
        (bool fine,) = address(actor).call(abi.encodeCall(actor.check, ()));
        if (fine) revert Never("a theft goes unseen");
    }
}
