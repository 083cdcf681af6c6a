// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What governance may change about nodes, and how far
/// @notice No setting reaches a stake by itself, nor how long it takes to get one back.
interface INodeParameters {
    event MinimumStakeSet(address indexed token, uint256 minimum);
    event HeartbeatWindowSet(uint64 window);
    event ConflictSharesSet(uint16 stakeBps, uint16 reporterBps);

    error MinimumOverCap(uint256 minimum, uint256 cap);
    error WindowOutOfBounds(uint64 window, uint64 shortest, uint64 longest);
    error ShareOverCap(uint16 bps, uint16 cap);

    /// @notice Sets what a node must have at stake to be active, in the smallest unit of `token`; at most
    /// MAX_MINIMUM_STAKE whole tokens. For whoever holds the role.
    function setMinimumStake(address token, uint256 minimum) external;

    /// @notice Sets how many seconds a heartbeat stays fresh. For whoever holds the role.
    function setHeartbeatWindow(uint64 window) external;

    /// @notice Sets which part of a stake a proven conflict takes, and which part of that is the reporter's. For whoever
    /// holds the role.
    function setConflictShares(uint16 stakeBps, uint16 reporterBps) external;

    /// @notice What a node must have at stake in `token` to be active; 0 until set, which means more than nothing.
    function minimumStake(address token) external view returns (uint256);

    /// @notice Seconds a heartbeat stays fresh.
    function heartbeatWindow() external view returns (uint64);

    /// @notice In basis points: what a proven conflict takes of a stake, and what its reporter gets of that.
    function conflictShares() external view returns (uint16 stakeBps, uint16 reporterBps);

    /// @notice The highest minimum stake, in whole tokens.
    function MAX_MINIMUM_STAKE() external view returns (uint256);

    /// @notice The shortest window of heartbeats, in seconds.
    function MIN_HEARTBEAT_WINDOW() external view returns (uint64);

    /// @notice The longest window of heartbeats, in seconds.
    function MAX_HEARTBEAT_WINDOW() external view returns (uint64);

    /// @notice The most a proven conflict takes of a stake, in basis points.
    function MAX_CONFLICT_BPS() external view returns (uint16);

    /// @notice The most a reporter gets of what a conflict takes, in basis points. Low, for whoever can prove a
    /// conflict can be its author: it must never be a way to take a stake back.
    function MAX_REPORTER_BPS() external view returns (uint16);
}
