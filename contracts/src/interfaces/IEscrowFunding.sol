// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title How money comes into an escrow
interface IEscrowFunding {
    struct Terms {
        /// @dev Releases, disputes, and is refunded.
        address requester;
        /// @dev Delivers, and is paid.
        address provider;
        /// @dev Of the provider's nodes, the one whose stake answers for the work; zero where none does.
        address node;
        address token;
        uint256 amount;
        /// @dev What was ordered: the hash of the task's specification.
        bytes32 taskHash;
        /// @dev The second until which the provider must deliver; refundable after it.
        uint64 deliverBy;
        /// @dev Seconds from the delivery in which the requester may dispute; released to the provider after them.
        uint64 approvalWindow;
        /// @dev Judges a delivery in the requester's place; zero where nobody does.
        address verifier;
        /// @dev What the verifier judges by, in its own encoding.
        bytes condition;
    }

    /// @notice Sets `terms.amount` aside from the caller's wallet, who need not be the requester.
    /// @return escrowId The new escrow's number.
    function fund(Terms calldata terms) external returns (uint256 escrowId);
}
