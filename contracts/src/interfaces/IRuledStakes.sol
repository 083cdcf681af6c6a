// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Stakes that a ruling reaches
interface IRuledStakes {
    /// @notice Takes up to `damages` of `token` from the stake of `provider`'s `node`, what waits to be taken back
    /// included, and pays it to `to`. For whoever holds the court's role.
    /// @return taken What there was of it.
    function slashByRuling(address provider, address node, address token, uint256 damages, address to)
        external
        returns (uint256 taken);
}
