// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What every token that wraps a chain's own coin has in common (WETH9)
interface IWrapper {
    /// @notice Wraps what is sent along.
    function deposit() external payable;

    /// @notice Sends the caller `amount` of the chain's coin for as much of the token.
    function withdraw(uint256 amount) external;
}
