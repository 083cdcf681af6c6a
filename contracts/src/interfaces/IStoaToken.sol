// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The market's own token: stake, rewards, votes
/// @notice How much of it there can be at any moment is code that nobody changes: {scheduledSupply}. A minter decides
/// when and to whom, never how much.
interface IStoaToken {
    error OverSchedule(uint256 supply, uint256 amount, uint256 scheduled);

    /// @notice Mints `amount` to `to`, within the schedule. For whoever holds the minters' role.
    function mint(address to, uint256 amount) external;

    /// @notice The most there can be at `timestamp`: the initial supply, and after it each year's emission, spread
    /// evenly over its seconds; a year's emission is four fifths of the year's before.
    function scheduledSupply(uint256 timestamp) external view returns (uint256);

    /// @notice When the emission began: the second the token was deployed.
    function emissionStart() external view returns (uint256);

    /// @notice What is minted when the token is deployed.
    function INITIAL_SUPPLY() external view returns (uint256);

    /// @notice The emission of the first year.
    function FIRST_YEAR() external view returns (uint256);

    /// @notice What the schedule never reaches.
    function CAP() external view returns (uint256);
}
