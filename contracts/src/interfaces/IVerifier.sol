// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrowFunding} from "./IEscrowFunding.sol";

/// @title What judges a delivery in the requester's place
/// @notice Called by the escrow, statically. Whatever it does but answer true, reverting included, is no.
interface IVerifier {
    /// @notice Whether `evidence` shows that the delivered result meets `terms.condition`.
    /// @param escrowId Numbered by the caller, which is the escrow contract.
    function verify(
        uint256 escrowId,
        IEscrowFunding.Terms calldata terms,
        bytes32 resultHash,
        bytes calldata evidence
    ) external view returns (bool);
}
