// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Arbitrators, their stakes, and how they are drawn
/// @notice Whoever stakes at least a seat's stake can be drawn, in proportion to what it has free. Drawing is first in
/// first out by a seed nobody knows when it is asked for: the hash of a later block, with the dispute's number, its round
/// and the seat. While a draw is due whose seed is known, no stake moves; anyone can make the draw, and go on.
/// @dev The seed resists the parties, the arbitrators, and whoever makes the draw or puts it off: its block is fixed
/// before, and nothing that is drawn from changes after. It does not resist who produces that block: a proposer can hold
/// its block back, or try many of them, and choose among the hashes; a sequencer always can. On a chain whose block
/// hashes follow from their heights, as Aurora's do, everybody knows the seed and it resists nobody: no court belongs
/// there. Nor does it tell one person with many names from many. A hash is forgotten after 256 blocks: the draw is then
/// put behind the others, with a new block, so whoever hopes for another seed must keep everybody from making the draw
/// for that long.
interface IArbitrators {
    event ArbitratorStaked(address indexed arbitrator, uint256 amount);
    event UnstakeRequested(address indexed arbitrator, uint256 amount, uint256 unlockAt);
    event UnstakeCompleted(address indexed arbitrator, uint256 amount);
    event Withdrawn(address indexed owner, uint256 amount);
    event DrawRequested(uint256 indexed disputeId, uint256 indexed round, uint256 seedBlock);
    event SeatDrawn(uint256 indexed disputeId, uint256 indexed round, address indexed arbitrator);
    event SeatsDeclined(uint256 indexed disputeId, uint256 indexed round, address indexed arbitrator, uint256 seats);
    /// @notice A panel has `filled` of the seats it shall have; fewer where stakes do not cover more.
    event PanelDrawn(uint256 indexed disputeId, uint256 indexed round, uint256 filled, uint256 seats);

    error ZeroAmount();
    error InsufficientStake(uint256 staked, uint256 needed);
    error NothingUnstaking(address arbitrator);
    error StillLocked(uint256 unlockAt, uint256 nowAt);
    error NothingToWithdraw(address owner);
    error DrawDue(uint256 disputeId);
    error NoDrawDue(uint256 seedBlock, uint256 blockNumber);
    error NoSeat(uint256 disputeId, uint256 round, address arbitrator);

    /// @notice Adds to the caller's stake, from its wallet.
    function stake(uint256 amount) external;

    /// @notice Starts to take back what no seat locks. A further request adds to it and starts the delay anew.
    function requestUnstake(uint256 amount) external;

    /// @notice Pays what has waited its delay to the arbitrator's wallet; anyone may call it.
    function completeUnstake(address arbitrator) external;

    /// @notice Pays fees earned and bonds returned to `owner`'s wallet; anyone may call it.
    function withdraw(address owner) external;

    /// @notice Makes the draw that is due; anyone may call it.
    function draw() external;

    /// @notice Gives the caller's seats of a running round back, while seats can be declined and before it committed.
    function decline(uint256 disputeId) external;

    /// @notice What an arbitrator has free, what waits to be taken back, and from when.
    function stakeOf(address arbitrator) external view returns (uint256 staked, uint256 unstaking, uint256 unlockAt);

    function balanceOf(address owner) external view returns (uint256);

    /// @notice The dispute to be drawn for next, 0 when there is none, and the block its seed comes from.
    function nextDraw() external view returns (uint256 disputeId, uint256 seedBlock);
}
