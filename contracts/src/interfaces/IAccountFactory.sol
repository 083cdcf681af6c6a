// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Makes accounts where their owner and a number put them
/// @notice Who made an account, when, and after which others does not change where it stands nor whose it is: money may
/// be sent to it before. The factory has no owner and keeps nothing.
interface IAccountFactory {
    event AccountCreated(address indexed account, address indexed owner, uint256 salt);

    error ZeroOwner();

    /// @notice Makes an account, or finds it made.
    /// @param salt Tells accounts of one owner apart.
    function createAccount(address owner, uint256 salt) external returns (address account);

    /// @notice Where the account stands, or will.
    function accountOf(address owner, uint256 salt) external view returns (address account);

    /// @notice What all its accounts delegate to, for good.
    function implementation() external view returns (address);
}
