// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a node signs that has checked a result for an escrow
library Attestations {
    bytes32 internal constant ATTESTATION_TYPEHASH =
        keccak256("Attestation(address escrow,uint256 escrowId,bytes32 taskHash,bytes32 resultHash)");

    function hashAttestation(address escrow, uint256 escrowId, bytes32 taskHash, bytes32 resultHash)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(ATTESTATION_TYPEHASH, escrow, escrowId, taskHash, resultHash));
    }
}
