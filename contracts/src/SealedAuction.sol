// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Credits} from "./credits/Credits.sol";
import {Governed} from "./governance/Governed.sol";
import {IEscrowFunding} from "./interfaces/IEscrowFunding.sol";
import {ISealedAuction} from "./interfaces/ISealedAuction.sol";
import {IdenticalTasks} from "./libraries/IdenticalTasks.sol";

/// @title Sealed auctions without an operator
/// @dev A forfeited deposit must not go to the requester: it could commit bids of its own on every step of a ladder, see
/// what the others asked, reveal only the step just above, and have the other deposits back.
contract SealedAuction is ISealedAuction, Governed, Credits, Multicall {
    using SafeERC20 for IERC20;

    /// @inheritdoc ISealedAuction
    uint256 public constant MAX_BIDDERS = 64;
    /// @inheritdoc ISealedAuction
    uint256 public constant MIN_DEPOSIT_BPS = 1_000;
    /// @inheritdoc ISealedAuction
    uint256 public constant CLOSER_BPS = 1_000;
    /// @inheritdoc ISealedAuction
    uint256 public constant MIN_WINDOW = 5 minutes;
    /// @inheritdoc ISealedAuction
    uint256 public constant MAX_WINDOW = 30 days;
    /// @inheritdoc ISealedAuction
    uint256 public constant MAX_CONDITION_BYTES = 1_024;
    /// @inheritdoc ISealedAuction
    uint256 public constant AWARD_WINDOW = 3 days;

    uint256 private constant BPS = 10_000;

    /// @inheritdoc ISealedAuction
    IEscrowFunding public immutable ESCROW;
    /// @inheritdoc ISealedAuction
    address public immutable FAULT_POOL;

    mapping(bytes32 auctionId => Auction) private _auctions;
    mapping(bytes32 auctionId => Terms) private _terms;
    mapping(bytes32 auctionId => address[]) private _bidders;
    mapping(bytes32 auctionId => mapping(address bidder => Bid)) private _bids;
    mapping(address requester => uint256) private _opened;

    constructor(address authority, IEscrowFunding escrow, address faultPool) Governed(authority) {
        if (address(escrow) == address(0) || faultPool == address(0)) revert ZeroAddress();
        ESCROW = escrow;
        FAULT_POOL = faultPool;
    }

    /// @inheritdoc ISealedAuction
    function open(Terms calldata terms) external nonReentrant whenNotPaused returns (bytes32 auctionId) {
        _checkTerms(terms);
        // Bound to the terms: a bidder whose chain forgets blocks never finds its bid under other terms.
        auctionId = keccak256(abi.encode(block.chainid, address(this), msg.sender, ++_opened[msg.sender], terms));
        Auction storage auction = _auctions[auctionId];
        auction.requester = msg.sender;
        auction.state = AuctionState.Open;
        uint64 commitUntil = uint64(block.timestamp) + terms.commitSeconds;
        uint64 revealUntil = commitUntil + terms.revealSeconds;
        (auction.commitUntil, auction.revealUntil) = (commitUntil, revealUntil);
        _terms[auctionId] = terms;
        emit AuctionOpened(auctionId, msg.sender, terms.capability, terms, commitUntil, revealUntil);
        _pullExactly(terms.token, _budget(terms.tasks, terms.reserve));
    }

    /// @inheritdoc ISealedAuction
    function commit(bytes32 auctionId, bytes32 commitment) external nonReentrant whenNotPaused {
        Auction storage auction = _requireState(auctionId, AuctionState.Open);
        if (block.timestamp >= auction.commitUntil) revert CommitmentsOver(auction.commitUntil, block.timestamp);
        if (msg.sender == auction.requester) revert RequesterCannotBid(msg.sender);
        if (commitment == 0) revert EmptyCommitment();
        if (_bids[auctionId][msg.sender].commitment != 0) revert AlreadyCommitted(msg.sender);
        address[] storage bidders = _bidders[auctionId];
        if (bidders.length == MAX_BIDDERS) revert AuctionFull(MAX_BIDDERS);
        bidders.push(msg.sender);
        _bids[auctionId][msg.sender].commitment = commitment;
        emit BidCommitted(auctionId, msg.sender, commitment);
        _pullExactly(_terms[auctionId].token, _terms[auctionId].deposit);
    }

    /// @inheritdoc ISealedAuction
    function reveal(bytes32 auctionId, address bidder, Offer calldata offer) external {
        Auction storage auction = _requireState(auctionId, AuctionState.Open);
        (uint256 from, uint256 until) = (auction.commitUntil, auction.revealUntil);
        if (block.timestamp < from || block.timestamp >= until) revert NotRevealing(from, until, block.timestamp);
        Bid storage bid = _bids[auctionId][bidder];
        if (bid.revealed) revert AlreadyRevealed(bidder);
        bytes32 revealed = commitmentOf(auctionId, bidder, offer);
        if (revealed != bid.commitment) revert WrongReveal(bidder, bid.commitment, revealed);
        bid.revealed = true;
        (bid.ask, bid.slots, bid.node) = (offer.ask, offer.slots, offer.node);
        ++auction.revealed;
        // The same whoever reveals first: the last has only the choice to reveal or to forfeit its deposit.
        auction.seed ^= keccak256(abi.encode(bidder, offer.salt));
        emit BidRevealed(auctionId, bidder, offer.ask, offer.slots, offer.node);
    }

    /// @inheritdoc ISealedAuction
    function close(bytes32 auctionId) external {
        Auction storage auction = _requireState(auctionId, AuctionState.Open);
        uint256 committed = _bidders[auctionId].length;
        uint256 until = auction.revealed == committed ? auction.commitUntil : auction.revealUntil;
        if (block.timestamp < until) revert StillRevealing(until, block.timestamp);
        auction.state = AuctionState.Closed;
        auction.awardUntil = uint64(block.timestamp + AWARD_WINDOW);
        Terms storage terms = _terms[auctionId];
        uint256 refund = _budget(terms.tasks, terms.reserve) - _decide(auctionId, terms, auction);
        uint256 slashed = uint256(terms.deposit) * (committed - auction.revealed);
        uint256 toCloser = slashed * CLOSER_BPS / BPS;
        _credit(auction.requester, terms.token, refund);
        _credit(msg.sender, terms.token, toCloser);
        _credit(FAULT_POOL, terms.token, slashed - toCloser);
        emit AuctionClosed(auctionId, auction.seed, refund, slashed, msg.sender, toCloser);
    }

    /// @inheritdoc ISealedAuction
    function award(bytes32 auctionId, address bidder) external nonReentrant returns (uint256 escrowId) {
        Auction storage auction = _requireState(auctionId, AuctionState.Closed);
        if (block.timestamp >= auction.awardUntil) revert AwardOver(auction.awardUntil, block.timestamp);
        uint256 payment = _spend(auctionId, bidder);
        IEscrowFunding.Terms memory terms = _escrowTerms(auctionId, bidder, payment);
        IERC20 token = IERC20(terms.token);
        uint256 before = token.balanceOf(address(this));
        token.forceApprove(address(ESCROW), payment);
        escrowId = ESCROW.fund(terms);
        uint256 taken = before - token.balanceOf(address(this));
        if (taken != payment) revert EscrowTookOther(taken, payment);
        emit EscrowFunded(auctionId, bidder, escrowId, payment);
    }

    /// @inheritdoc ISealedAuction
    function reclaim(bytes32 auctionId, address bidder) external {
        Auction storage auction = _requireState(auctionId, AuctionState.Closed);
        if (block.timestamp < auction.awardUntil) revert AwardStillOpen(auction.awardUntil, block.timestamp);
        uint256 payment = _spend(auctionId, bidder);
        _credit(auction.requester, _terms[auctionId].token, payment);
        emit AwardReclaimed(auctionId, bidder, payment);
    }

    /// @inheritdoc ISealedAuction
    function auctionOf(bytes32 auctionId) external view returns (Auction memory) {
        return _auctions[auctionId];
    }

    /// @inheritdoc ISealedAuction
    function termsOf(bytes32 auctionId) external view returns (Terms memory) {
        return _terms[auctionId];
    }

    /// @inheritdoc ISealedAuction
    function bidOf(bytes32 auctionId, address bidder) external view returns (Bid memory) {
        return _bids[auctionId][bidder];
    }

    /// @inheritdoc ISealedAuction
    function biddersOf(bytes32 auctionId) external view returns (address[] memory) {
        return _bidders[auctionId];
    }

    /// @inheritdoc ISealedAuction
    function commitmentOf(bytes32 auctionId, address bidder, Offer calldata offer) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), auctionId, bidder, offer));
    }

    /// @inheritdoc ISealedAuction
    function outcomeOf(IdenticalTasks.Offer[] calldata offers, uint256 tasks, uint256 reserve, bytes32 seed)
        external
        pure
        returns (IdenticalTasks.Win[] memory)
    {
        return IdenticalTasks.clear(offers, tasks, reserve, seed);
    }

    function _checkTerms(Terms calldata terms) private pure {
        if (terms.tasks == 0) revert NoTasks();
        if (terms.reserve == 0) revert ZeroAmount();
        uint256 minimum = Math.mulDiv(terms.reserve, MIN_DEPOSIT_BPS, BPS, Math.Rounding.Ceil);
        if (terms.deposit < minimum) revert DepositTooLow(terms.deposit, minimum);
        _checkSeconds(terms.commitSeconds, MIN_WINDOW);
        _checkSeconds(terms.revealSeconds, MIN_WINDOW);
        _checkSeconds(terms.deliverSeconds, 1);
        if (terms.condition.length > MAX_CONDITION_BYTES) {
            revert ConditionTooLong(terms.condition.length, MAX_CONDITION_BYTES);
        }
    }

    function _checkSeconds(uint256 given, uint256 minimum) private pure {
        if (given < minimum || given > MAX_WINDOW) revert SecondsOutOfRange(given, minimum, MAX_WINDOW);
    }

    function _budget(uint32 tasks, uint128 reserve) private pure returns (uint256) {
        return uint256(tasks) * reserve;
    }

    function _requireState(bytes32 auctionId, AuctionState expected) private view returns (Auction storage auction) {
        auction = _auctions[auctionId];
        if (auction.state != expected) revert WrongState(auctionId, auction.state);
    }

    /// @dev All amounts here are promised to somebody: a token that keeps a part of them cannot be used.
    function _pullExactly(address token, uint256 amount) private {
        uint256 received = _pull(msg.sender, token, amount);
        if (received != amount) revert TokenTakesFee(token, received, amount);
    }

    /// @dev Gives back the deposits of the revealed bids and records what they win; returns what that costs.
    function _decide(bytes32 auctionId, Terms storage terms, Auction storage auction) private returns (uint256 cost) {
        IdenticalTasks.Offer[] memory offers = _returnDeposits(auctionId, terms, auction.revealed);
        IdenticalTasks.Win[] memory wins = IdenticalTasks.clear(offers, terms.tasks, terms.reserve, auction.seed);
        for (uint256 i = 0; i < wins.length; ++i) {
            IdenticalTasks.Win memory win = wins[i];
            if (win.tasks == 0) continue;
            Bid storage bid = _bids[auctionId][offers[i].bidder];
            // Not over the tasks on offer, which fit.
            bid.wonTasks = uint32(win.tasks);
            bid.payment = win.payment;
            cost += win.payment;
            emit TasksWon(auctionId, offers[i].bidder, win.tasks, win.payment);
        }
    }

    function _returnDeposits(bytes32 auctionId, Terms storage terms, uint256 revealed)
        private
        returns (IdenticalTasks.Offer[] memory offers)
    {
        offers = new IdenticalTasks.Offer[](revealed);
        (address token, uint256 deposit) = (terms.token, terms.deposit);
        address[] storage bidders = _bidders[auctionId];
        uint256 committed = bidders.length;
        uint256 count = 0;
        for (uint256 i = 0; i < committed; ++i) {
            address bidder = bidders[i];
            Bid storage bid = _bids[auctionId][bidder];
            if (!bid.revealed) continue;
            offers[count] = IdenticalTasks.Offer(bidder, bid.ask, bid.slots);
            ++count;
            _credit(bidder, token, deposit);
        }
    }

    /// @dev What is set aside for a winner, once.
    function _spend(bytes32 auctionId, address bidder) private returns (uint256 payment) {
        Bid storage bid = _bids[auctionId][bidder];
        payment = bid.payment;
        if (payment == 0 || bid.spent) revert NothingAwarded(auctionId, bidder);
        bid.spent = true;
    }

    function _escrowTerms(bytes32 auctionId, address bidder, uint256 payment)
        private
        view
        returns (IEscrowFunding.Terms memory)
    {
        Terms storage terms = _terms[auctionId];
        return IEscrowFunding.Terms({
            requester: _auctions[auctionId].requester,
            provider: bidder,
            node: _bids[auctionId][bidder].node,
            token: terms.token,
            amount: payment,
            taskHash: terms.taskHash,
            deliverBy: uint64(block.timestamp) + terms.deliverSeconds,
            approvalWindow: terms.approvalSeconds,
            verifier: terms.verifier,
            condition: terms.condition
        });
    }
}
