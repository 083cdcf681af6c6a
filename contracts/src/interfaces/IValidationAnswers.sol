// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What is read of an ERC-8004 validation registry
interface IValidationAnswers {
    /// @notice Where a request stands; a registry reverts, or gives the zero validator, where there is none.
    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        );
}
