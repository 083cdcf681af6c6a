// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Money that waits to be fetched
/// @notice What somebody is due is written down for it and sent only by `withdraw`: a receiver whose token refuses the
/// transfer stops nobody else's money.
interface ICredits {
    event Withdrawn(address indexed owner, address indexed token, uint256 amount);

    error ZeroAddress();
    error ZeroAmount();
    error NothingDue(address owner, address token);

    /// @notice Sends `owner` what waits for it; anyone may call it.
    function withdraw(address owner, address token) external;

    /// @notice What waits for `owner`.
    function dueTo(address owner, address token) external view returns (uint256);
}
