// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What is used of the ERC-1056 registry
interface IDidRegistry {
    /// @notice Who owns the DID of `identity`: itself until it was given away.
    function identityOwner(address identity) external view returns (address);
}
