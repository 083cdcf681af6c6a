// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IEscrowFunding} from "../interfaces/IEscrowFunding.sol";
import {IVerifier} from "../interfaces/IVerifier.sol";
import {Attestations} from "../libraries/Attestations.sol";

/// @title So many of the named nodes attest the result
/// @notice The condition is `(uint256 threshold, address[] nodes)`, the nodes in ascending order. The evidence is
/// `bytes[] signatures` over the escrow's `Attestation`, at least `threshold` of them, in their signers' ascending order.
/// @dev Ascending on both sides makes every signer count once. The attestation names the escrow contract and its number,
/// so it serves no other. Keys only, as everywhere: a contract could take its word back.
contract NodeSignaturesVerifier is IVerifier, EIP712 {
    constructor() EIP712("Stoa", "1") {}

    /// @inheritdoc IVerifier
    function verify(
        uint256 escrowId,
        IEscrowFunding.Terms calldata terms,
        bytes32 resultHash,
        bytes calldata evidence
    ) external view returns (bool) {
        (uint256 threshold, address[] memory nodes) = abi.decode(terms.condition, (uint256, address[]));
        bytes[] memory signatures = abi.decode(evidence, (bytes[]));
        if (threshold == 0 || signatures.length < threshold || !_isAscending(nodes)) return false;
        bytes32 digest = attestationDigest(msg.sender, escrowId, terms.taskHash, resultHash);
        uint256 next = 0;
        for (uint256 i = 0; i < signatures.length; ++i) {
            (address signer,,) = ECDSA.tryRecover(digest, signatures[i]);
            while (next < nodes.length && nodes[next] != signer) ++next;
            if (next == nodes.length) return false;
            ++next;
        }
        return true;
    }

    /// @notice What a node signs.
    function attestationDigest(address escrow, uint256 escrowId, bytes32 taskHash, bytes32 resultHash)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(Attestations.hashAttestation(escrow, escrowId, taskHash, resultHash));
    }

    /// @dev From above zero, to which an unreadable signature recovers.
    function _isAscending(address[] memory nodes) private pure returns (bool) {
        address last = address(0);
        for (uint256 i = 0; i < nodes.length; ++i) {
            if (nodes[i] <= last) return false;
            last = nodes[i];
        }
        return true;
    }
}
