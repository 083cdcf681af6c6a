// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAcceptedSettlements} from "./interfaces/IAcceptedSettlements.sol";
import {IClaimBatches} from "./interfaces/IClaimBatches.sol";
import {IPostedClaims} from "./interfaces/IPostedClaims.sol";
import {IVault} from "./interfaces/IVault.sol";
import {IVaultParameters} from "./interfaces/IVaultParameters.sol";
import {ClaimEvidence} from "./libraries/ClaimEvidence.sol";
import {TypedData} from "./libraries/TypedData.sol";
import {VaultDomain} from "./libraries/VaultDomain.sol";

/// @title Claims by Merkle root
/// @dev It holds no money, knows no owner, and keeps one word a batch. A leaf names its vault, so what another contract
/// says of itself as a vault is said of its own leaves alone.
contract ClaimBatches is IClaimBatches {
    mapping(bytes32 root => uint256) private _payableFrom;

    /// @inheritdoc IClaimBatches
    function post(address vault, address token, TypedData.ClaimedOrder[] calldata items)
        external
        returns (bytes32 root, IAcceptedSettlements.Refusal[] memory refusals)
    {
        IVaultParameters.Parameters memory parameters = IVault(vault).parameters();
        ClaimEvidence.Terms memory terms = ClaimEvidence.Terms({
            domain: VaultDomain.separatorOf(vault),
            token: token,
            operator: parameters.operator,
            feeBps: parameters.feeBps,
            isOperators: msg.sender == parameters.operator
        });
        uint256 payableAt = block.timestamp + parameters.challengeWindow;
        refusals = new IAcceptedSettlements.Refusal[](items.length);
        bytes32[] memory leaves = new bytes32[](items.length);
        uint256 count;
        for (uint256 i = 0; i < items.length; ++i) {
            IPostedClaims.PostedClaim memory claim;
            (claim, refusals[i]) = ClaimEvidence.judge(items[i], terms);
            if (refusals[i] == IAcceptedSettlements.Refusal.None) {
                leaves[count] = _leafOf(vault, token, claim);
                ++count;
                emit ClaimPosted(claim.orderHash, claim.requester, vault, token, payableAt, claim);
            } else {
                emit ClaimNotPosted(claim.orderHash, msg.sender, refusals[i]);
            }
        }
        if (count != 0) root = _record(leaves, count, payableAt, vault);
    }

    /// @inheritdoc IClaimBatches
    function challenge(
        bytes32 root,
        address vault,
        address token,
        IPostedClaims.PostedClaim calldata claim,
        bytes32[] calldata proof
    ) external {
        if (msg.sender != claim.requester) revert OnlyItsRequester(msg.sender, claim.requester);
        uint256 payableAt = _postedUntil(root);
        if (block.timestamp >= payableAt) revert WindowOver(root, payableAt, block.timestamp);
        if (!MerkleProof.verifyCalldata(proof, root, _leafOf(vault, token, claim))) revert NotInBatch(root);
        IPostedClaims(vault).challengePosted(token, claim, payableAt);
    }

    /// @inheritdoc IClaimBatches
    function settle(
        bytes32 root,
        address vault,
        address token,
        IPostedClaims.PostedClaim[] calldata claims,
        bytes32[] calldata proof,
        bool[] calldata flags
    ) external returns (IAcceptedSettlements.Refusal[] memory refusals) {
        uint256 payableAt = _postedUntil(root);
        if (block.timestamp < payableAt) revert BatchNotPayable(root, payableAt, block.timestamp);
        _checkLeaves(root, _leavesOf(vault, token, claims), proof, flags);
        return IPostedClaims(vault).payPosted(token, claims, payableAt, msg.sender);
    }

    /// @inheritdoc IClaimBatches
    function payableFrom(bytes32 root) external view returns (uint256) {
        return _payableFrom[root];
    }

    function _record(bytes32[] memory leaves, uint256 count, uint256 payableAt, address vault)
        private
        returns (bytes32 root)
    {
        root = _rootOf(leaves, count);
        if (_payableFrom[root] != 0) revert AlreadyPosted(root);
        _payableFrom[root] = payableAt;
        emit ClaimsPosted(root, vault, msg.sender);
    }

    function _postedUntil(bytes32 root) private view returns (uint256 payableAt) {
        payableAt = _payableFrom[root];
        if (payableAt == 0) revert NotPosted(root);
    }

    function _checkLeaves(bytes32 root, bytes32[] memory leaves, bytes32[] calldata proof, bool[] calldata flags)
        private
        pure
    {
        if (!MerkleProof.multiProofVerifyCalldata(proof, flags, root, leaves)) revert NotInBatch(root);
    }

    function _leavesOf(address vault, address token, IPostedClaims.PostedClaim[] calldata claims)
        private
        pure
        returns (bytes32[] memory leaves)
    {
        leaves = new bytes32[](claims.length);
        for (uint256 i = 0; i < claims.length; ++i) leaves[i] = _leafOf(vault, token, claims[i]);
    }

    /// @dev Longer than two hashes, so no inner node passes for a leaf.
    function _leafOf(address vault, address token, IPostedClaims.PostedClaim memory claim)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(vault, token, claim));
    }

    /// @dev Leaf after leaf, then parent after parent, each of the first two that have none yet.
    function _rootOf(bytes32[] memory leaves, uint256 count) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](2 * count - 1);
        for (uint256 i = 0; i < count; ++i) hashes[i] = leaves[i];
        for (uint256 i = 0; i + 1 < count; ++i) {
            hashes[count + i] = Hashes.commutativeKeccak256(hashes[2 * i], hashes[2 * i + 1]);
        }
        return hashes[2 * count - 2];
    }
}
