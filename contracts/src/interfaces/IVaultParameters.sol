// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a vault is deployed with
/// @notice Nothing here changes after deployment: every signed order can be judged by it for good.
interface IVaultParameters {
    struct Parameters {
        /// @dev Signs awards, and alone may slash.
        address operator;
        /// @dev Rules on challenged claims.
        address arbiter;
        /// @dev Is credited the platform fee.
        address feeRecipient;
        /// @dev Is credited the part of a slash that no requester is owed.
        address faultPool;
        /// @dev Platform fee in basis points of the price; at most MAX_FEE_BPS.
        uint16 feeBps;
        /// @dev Bond of a challenge in basis points of the claimed charge; at most 10,000.
        uint16 challengeBondBps;
        /// @dev Seconds a withdrawal, an unstaking and a cancellation wait.
        uint64 withdrawDelay;
        /// @dev Seconds in which a claim can be challenged.
        uint64 challengeWindow;
    }

    error ZeroAddress();
    error FeeOverMaximum(uint16 feeBps, uint16 maximum);
    error BondOverCharge(uint16 challengeBondBps);
    error WindowOverDelay(uint64 challengeWindow, uint64 withdrawDelay);

    /// @notice The parameters of this vault.
    function parameters() external view returns (Parameters memory);

    /// @notice The highest fee a vault can be deployed with, in basis points.
    function MAX_FEE_BPS() external view returns (uint16);
}
