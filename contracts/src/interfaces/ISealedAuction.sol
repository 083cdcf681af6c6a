// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrowFunding} from "./IEscrowFunding.sol";
import {IdenticalTasks} from "../libraries/IdenticalTasks.sol";

/// @title Sealed auctions without an operator
/// @notice A requester offers one task, or several identical ones, with the money for all of them. Bidders commit to
/// sealed bids, then reveal them; the cheapest slots win and are paid the VCG payment into an escrow.
///
/// none → open → closed. An open auction takes commitments until `commitUntil`, then reveals until `revealUntil`; from
/// then on, or once everybody has revealed, anyone may close it. Closing decides everything and calls nobody, so that
/// nothing can stop it. Each winner's escrow is then funded by itself.
interface ISealedAuction {
    enum AuctionState {
        None,
        Open,
        Closed
    }

    struct Terms {
        /// @dev Keccak-256 of the capability's dotted name.
        bytes32 capability;
        /// @dev The hash of the tasks' specification, for the escrow.
        bytes32 taskHash;
        address token;
        uint32 tasks;
        /// @dev The most that is paid for one task.
        uint128 reserve;
        /// @dev What each bidder leaves until it reveals, the same for all: it says nothing about the bid. The smaller it
        /// is beside the reserve, the cheaper a requester can bid against its bidders under other names.
        uint128 deposit;
        uint32 commitSeconds;
        uint32 revealSeconds;
        /// @dev Seconds a winner has to deliver from the funding of its escrow.
        uint32 deliverSeconds;
        /// @dev The escrow's approval window, verifier and condition.
        uint32 approvalSeconds;
        address verifier;
        bytes condition;
    }

    /// @notice What a bidder commits to and later reveals.
    struct Offer {
        /// @dev What it asks for each task.
        uint128 ask;
        /// @dev How many of the tasks it would do; none is a pass.
        uint32 slots;
        /// @dev Of its nodes, the one whose stake answers; zero for none.
        address node;
        bytes32 salt;
    }

    struct Auction {
        address requester;
        AuctionState state;
        uint64 commitUntil;
        uint64 revealUntil;
        /// @dev The second until which escrows can be funded; 0 until it is closed.
        uint64 awardUntil;
        uint32 revealed;
        /// @dev Folded from the salts revealed so far; orders equal asks.
        bytes32 seed;
    }

    struct Bid {
        bytes32 commitment;
        uint128 ask;
        uint32 slots;
        bool revealed;
        /// @dev Whether its escrow was funded, or the money for it taken back.
        bool spent;
        address node;
        uint32 wonTasks;
        /// @dev For all tasks it won together.
        uint256 payment;
    }

    event AuctionOpened(
        bytes32 indexed auctionId,
        address indexed requester,
        bytes32 indexed capability,
        Terms terms,
        uint256 commitUntil,
        uint256 revealUntil
    );
    event BidCommitted(bytes32 indexed auctionId, address indexed bidder, bytes32 commitment);
    event BidRevealed(bytes32 indexed auctionId, address indexed bidder, uint256 ask, uint256 slots, address node);
    event TasksWon(bytes32 indexed auctionId, address indexed bidder, uint256 tasks, uint256 payment);
    /// @notice `slashed` is what bidders forfeited who did not reveal, `toCloser` the part of it for who closed.
    event AuctionClosed(
        bytes32 indexed auctionId, bytes32 seed, uint256 refund, uint256 slashed, address closer, uint256 toCloser
    );
    event EscrowFunded(
        bytes32 indexed auctionId, address indexed bidder, uint256 indexed escrowId, uint256 payment
    );
    event AwardReclaimed(bytes32 indexed auctionId, address indexed bidder, uint256 payment);

    error NoTasks();
    error SecondsOutOfRange(uint256 given, uint256 minimum, uint256 maximum);
    error DepositTooLow(uint256 deposit, uint256 minimum);
    error ConditionTooLong(uint256 length, uint256 maximum);
    error TokenTakesFee(address token, uint256 received, uint256 needed);
    error WrongState(bytes32 auctionId, AuctionState state);
    error CommitmentsOver(uint256 commitUntil, uint256 nowAt);
    error RequesterCannotBid(address requester);
    error EmptyCommitment();
    error AlreadyCommitted(address bidder);
    error AuctionFull(uint256 bidders);
    error NotRevealing(uint256 from, uint256 until, uint256 nowAt);
    error AlreadyRevealed(address bidder);
    error WrongReveal(address bidder, bytes32 committed, bytes32 revealed);
    error StillRevealing(uint256 until, uint256 nowAt);
    error NothingAwarded(bytes32 auctionId, address bidder);
    error AwardOver(uint256 until, uint256 nowAt);
    error AwardStillOpen(uint256 until, uint256 nowAt);
    error EscrowTookOther(uint256 taken, uint256 payment);

    /// @notice Opens an auction with `tasks` times `reserve` from the caller's wallet, so that no award lacks money.
    function open(Terms calldata terms) external returns (bytes32 auctionId);

    /// @notice Commits the caller to a sealed bid, with the auction's deposit from its wallet. Once per bidder.
    function commit(bytes32 auctionId, bytes32 commitment) external;

    /// @notice Reveals a bid; anyone who knows it may submit it.
    function reveal(bytes32 auctionId, address bidder, Offer calldata offer) external;

    /// @notice Decides the auction: winners and payments, deposits back to those who revealed, the rest of the budget
    /// back to the requester. Of a forfeited deposit the caller gets CLOSER_BPS and the fault pool the rest.
    function close(bytes32 auctionId) external;

    /// @notice Funds a winner's escrow; anyone may call it until the auction's `awardUntil`. A winner whose payment is 0,
    /// as where it and the next both ask nothing, has no escrow.
    function award(bytes32 auctionId, address bidder) external returns (uint256 escrowId);

    /// @notice Gives the requester back what no escrow took until `awardUntil`; anyone may call it.
    function reclaim(bytes32 auctionId, address bidder) external;

    function auctionOf(bytes32 auctionId) external view returns (Auction memory);

    function termsOf(bytes32 auctionId) external view returns (Terms memory);

    function bidOf(bytes32 auctionId, address bidder) external view returns (Bid memory);

    /// @notice Those who committed, in that order.
    function biddersOf(bytes32 auctionId) external view returns (address[] memory);

    /// @notice The commitment to an offer; it binds chain, contract, auction and bidder, so that nobody can copy it.
    function commitmentOf(bytes32 auctionId, address bidder, Offer calldata offer) external view returns (bytes32);

    /// @notice The outcome of any auction, for whoever wants to know it without holding one.
    function outcomeOf(IdenticalTasks.Offer[] calldata offers, uint256 tasks, uint256 reserve, bytes32 seed)
        external
        pure
        returns (IdenticalTasks.Win[] memory);

    /// @notice Where awards go.
    function ESCROW() external view returns (IEscrowFunding);
    /// @notice Who is credited what forfeited deposits leave after the closer's part.
    function FAULT_POOL() external view returns (address);
    /// @notice How many bidders an auction takes: closing it must fit a block.
    function MAX_BIDDERS() external view returns (uint256);
    /// @notice The least deposit, in basis points of the reserve.
    function MIN_DEPOSIT_BPS() external view returns (uint256);
    /// @notice The closer's part of forfeited deposits, in basis points.
    function CLOSER_BPS() external view returns (uint256);
    /// @notice Bounds of the two windows, in seconds, and the length of a condition, in bytes.
    function MIN_WINDOW() external view returns (uint256);
    function MAX_WINDOW() external view returns (uint256);
    function MAX_CONDITION_BYTES() external view returns (uint256);
    /// @notice Seconds after closing in which escrows can be funded.
    function AWARD_WINDOW() external view returns (uint256);
}
