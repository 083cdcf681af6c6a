// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What an operator's word is worth
/// @notice A bond stands for one node, or for every node under the zero address. What stands for a node pays for awards
/// that node signed and for nothing else, so an operator that signs more than it has cannot spend it elsewhere. The
/// common bond is first come, first served.
interface IBonds {
    event BondPosted(address indexed node, address indexed token, address indexed from, uint256 amount);
    event BondWithdrawalRequested(address indexed node, address indexed token, uint256 amount, uint256 unlockAt);
    event BondWithdrawn(address indexed node, address indexed token, uint256 amount);

    error ZeroAmount();
    error OnlyOperator(address caller);
    error BondTooSmall(address node, address token, uint256 available, uint256 needed);
    error NothingLeaving(address node, address token);
    error StillLocked(uint256 unlockAt, uint256 nowAt);

    /// @notice Adds to the bond that stands for `node`; anyone may pay for it, only the operator ever gets it back.
    function post(address node, address token, uint256 amount) external;

    /// @notice Starts taking `amount` back. It pays for shortfalls until it has left; a further request adds to what
    /// leaves and starts the delay anew. Only for the operator.
    function requestWithdrawal(address node, address token, uint256 amount) external;

    /// @notice Sends the operator what waited the vault's withdrawal delay and then its challenge window, so that whatever
    /// became payable in time is covered; anyone may call it.
    function completeWithdrawal(address node, address token) external;

    /// @notice What stands for `node` alone: what stays, what leaves, and from when it can.
    function bondOf(address node, address token)
        external
        view
        returns (uint256 staying, uint256 leaving, uint256 unlockAt);

    /// @notice The vault whose operator this is.
    function vault() external view returns (address);

    /// @notice Who signs holds, and alone takes bonds back.
    function operator() external view returns (address);
}
