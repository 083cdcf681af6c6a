// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {SealedAuction} from "../src/SealedAuction.sol";
import {TestDollar} from "../src/TestDollar.sol";
import {ISealedAuction} from "../src/interfaces/ISealedAuction.sol";
import {PlainEscrow} from "./PlainEscrow.sol";
import {vm} from "./Vm.sol";

/// @title A requester, its auctions, and as many bidders as are asked for
abstract contract SealedAuctionFixture {
    uint256 internal constant DOLLAR = 1e6;
    uint256 internal constant START = 1_800_000_000;
    uint32 internal constant COMMIT = 1 hours;
    uint32 internal constant REVEAL = 2 hours;
    uint128 internal constant RESERVE = 100e6;
    uint128 internal constant DEPOSIT = 20e6;

    address internal constant REQUESTER = address(0x8E9);
    address internal constant STRANGER = address(0x5798);
    address internal constant FAULTS = address(0xFA17);

    SealedAuction internal auctions;
    PlainEscrow internal escrow;
    TestDollar internal token;

    error Unequal(uint256 actual, uint256 expected);

    function setUp() public virtual {
        vm.warp(START);
        token = new TestDollar();
        escrow = new PlainEscrow();
        auctions = new SealedAuction(address(new AccessManager(address(this))), escrow, FAULTS);
        _fund(REQUESTER, 1_000_000 * DOLLAR);
    }

    function _fund(address owner, uint256 amount) internal {
        token.mint(owner, amount);
        vm.prank(owner);
        token.approve(address(auctions), type(uint256).max);
    }

    function _terms(uint32 tasks) internal view returns (ISealedAuction.Terms memory) {
        return ISealedAuction.Terms({
            capability: keccak256("text.summarize"),
            taskHash: keccak256("task"),
            token: address(token),
            tasks: tasks,
            reserve: RESERVE,
            deposit: DEPOSIT,
            commitSeconds: COMMIT,
            revealSeconds: REVEAL,
            deliverSeconds: 1 days,
            approvalSeconds: 2 days,
            verifier: address(0x7E57),
            condition: "condition"
        });
    }

    function _open(uint32 tasks) internal returns (bytes32 auctionId) {
        ISealedAuction.Terms memory terms = _terms(tasks);
        vm.prank(REQUESTER);
        return auctions.open(terms);
    }

    function _bidder(uint256 index) internal pure returns (address) {
        return address(uint160(0xB1D0000 + index));
    }

    function _offer(uint256 index, uint128 ask, uint32 slots) internal pure returns (ISealedAuction.Offer memory) {
        return ISealedAuction.Offer({
            ask: ask, slots: slots, node: address(uint160(0x40DE + index)), salt: keccak256(abi.encode("salt", index))
        });
    }

    function _commit(bytes32 auctionId, uint256 index, uint128 ask, uint32 slots) internal {
        bytes32 commitment = auctions.commitmentOf(auctionId, _bidder(index), _offer(index, ask, slots));
        _fund(_bidder(index), DEPOSIT);
        vm.prank(_bidder(index));
        auctions.commit(auctionId, commitment);
    }

    function _reveal(bytes32 auctionId, uint256 index, uint128 ask, uint32 slots) internal {
        auctions.reveal(auctionId, _bidder(index), _offer(index, ask, slots));
    }

    /// @dev An auction of these asks that was closed after everybody revealed.
    function _held(uint32 tasks, uint128[] memory asks, uint32[] memory slots) internal returns (bytes32 auctionId) {
        auctionId = _open(tasks);
        uint256 openedAt = auctions.auctionOf(auctionId).commitUntil - COMMIT;
        for (uint256 i = 0; i < asks.length; ++i) _commit(auctionId, i, asks[i], slots[i]);
        vm.warp(openedAt + COMMIT);
        for (uint256 i = 0; i < asks.length; ++i) _reveal(auctionId, i, asks[i], slots[i]);
        auctions.close(auctionId);
    }

    function _due(address owner) internal view returns (uint256) {
        return auctions.dueTo(owner, address(token));
    }

    function _won(bytes32 auctionId, uint256 index) internal view returns (uint256 tasks, uint256 payment) {
        ISealedAuction.Bid memory bid = auctions.bidOf(auctionId, _bidder(index));
        return (bid.wonTasks, bid.payment);
    }

    function assertEq(uint256 actual, uint256 expected) internal pure {
        if (actual != expected) revert Unequal(actual, expected);
    }

    function _bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }
}
