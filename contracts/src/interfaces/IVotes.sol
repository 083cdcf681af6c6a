// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title How a panel votes
/// @notice Between the two sides' offers, so that an odd panel decides and both sides gain by being reasonable. The
/// offer with the majority of what is revealed wins, when more than half the panel's seats reveal. A tie, and too few
/// votes, decide for neither: unless a side appeals, what is disputed is divided halfway between the offers.
/// @dev A seat that stays silent loses what it locks, one that votes against the last panel loses a part of it, and the
/// seats that voted with it share what they lose, beside their fees. Where the last panel decided for neither, every
/// seat that revealed is paid, and only silence costs. An arbitrator that shows its salt can be copied by nobody, since
/// a commitment names its voter, but can be believed when it sells its vote: secrecy is the voter's to keep.
interface IVotes {
    enum Side {
        None,
        Opener,
        Respondent
    }

    event Committed(uint256 indexed disputeId, uint256 indexed round, address indexed voter, bytes32 commitment);
    event Revealed(uint256 indexed disputeId, uint256 indexed round, address indexed voter, Side choice, uint256 seats);
    event Collected(
        uint256 indexed disputeId, uint256 indexed round, address indexed voter, uint256 stakeBack, uint256 reward
    );

    error AlreadyCommitted(uint256 disputeId, address voter);
    error WrongReveal(bytes32 commitment, bytes32 given);
    error AlreadyRevealed(uint256 disputeId, address voter);
    error NoChoice();
    error AlreadyCollected(uint256 disputeId, uint256 round, address voter);

    /// @notice Commits the caller, who holds seats on the panel, to a vote with all of them. Accepts the case.
    function commitVote(uint256 disputeId, bytes32 commitment) external;

    /// @notice Opens a voter's commitment; anyone who knows its salt may.
    function revealVote(uint256 disputeId, address voter, Side choice, bytes32 salt) external;

    /// @notice After the end, gives a voter's stake of a round back, with its reward or less its penalty; anyone may
    /// call it.
    function collect(uint256 disputeId, uint256 round, address voter) external;

    /// @notice What a voter commits to.
    function commitmentOf(uint256 disputeId, uint256 round, address voter, Side choice, bytes32 salt)
        external
        pure
        returns (bytes32);
}
