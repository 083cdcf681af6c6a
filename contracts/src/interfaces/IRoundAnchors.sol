// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Anchors of the hash chains of rounds
/// @notice An operator's rounds of one segment form a chain: each public record names the hash of the one before. Once
/// the newest hash stands here, no record before it can be altered, left out or put elsewhere without everybody being
/// able to tell. Each operator has chains of its own, so nobody needs a role, and nobody reaches another's.
interface IRoundAnchors {
    /// @notice How far a segment's chain is anchored, and how far it shall be.
    struct Anchor {
        /// @dev keccak256 of the market's vault and the segment's name.
        bytes32 segment;
        /// @dev How many rounds of the segment the new head ends.
        uint64 position;
        /// @dev The head anchored last; 0 when there is none.
        bytes32 previous;
        /// @dev The outcome hash of the segment's newest closed round.
        bytes32 head;
    }

    /// @notice `operator` extended a segment's chain from `previous` to `head`. The anchor before it stands in block
    /// `previousBlock`; 0 when it is the first. So anyone can walk all anchors back without searching the chain.
    event RoundsAnchored(
        address indexed operator,
        bytes32 indexed segment,
        bytes32 indexed head,
        bytes32 previous,
        uint64 position,
        uint64 previousBlock
    );

    error NotTheHead(bytes32 segment, bytes32 previous, bytes32 head);
    error PositionNotHigher(bytes32 segment, uint64 position, uint64 current);
    error NoNewHead(bytes32 segment, bytes32 head);

    /// @notice Extends the caller's chain of a segment from `previous`, which must be its head, to `head`.
    function anchor(bytes32 segment, uint64 position, bytes32 previous, bytes32 head) external;

    /// @notice Extends several of the caller's chains, all of them or none.
    function anchorMany(Anchor[] calldata anchors) external;

    /// @notice The head of an operator's chain of a segment, how many rounds it ends, and the block it was anchored in;
    /// all 0 when none was.
    function headOf(address operator, bytes32 segment)
        external
        view
        returns (bytes32 head, uint64 position, uint64 blockNumber);
}
