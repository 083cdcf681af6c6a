// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The way new tokens take from the schedule to whoever rewards nodes
/// @notice Anyone releases what has become due; it always goes to one receiver, which governance names.
interface IEmission {
    event Released(address indexed receiver, uint256 amount);
    event ReceiverChanged(address indexed before, address indexed receiver);

    error NothingDue();
    error ZeroReceiver();

    /// @notice Mints what is due to the receiver.
    /// @return amount What it was.
    function release() external returns (uint256 amount);

    /// @notice Names another receiver. What was due until now still goes to the one before.
    function setReceiver(address receiver) external;

    /// @notice What {release} would mint now.
    function due() external view returns (uint256);

    /// @notice Whom it would be minted to.
    function receiver() external view returns (address);

    /// @notice What is minted.
    function token() external view returns (address);
}
