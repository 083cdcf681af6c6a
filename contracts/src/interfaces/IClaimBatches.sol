// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../libraries/TypedData.sol";
import {IAcceptedSettlements} from "./IAcceptedSettlements.sol";
import {IPostedClaims} from "./IPostedClaims.sol";

/// @title Claims for results nobody accepted, many at a time
/// @notice A batch is one Merkle root: posted → payable, after the vault's challenge window, leaf by leaf. Each leaf was
/// judged when it was posted, and an event of its own tells all of it: whoever reads the chain's logs can challenge it or
/// have it paid, and there is no leaf that only its submitter knows.
///
/// A posted claim locks nothing. Its order is covered as every other is, by the withdrawal delay and by what its
/// operator holds for it; who would rather rely on neither claims alone. Challenging a leaf takes it out of its batch and
/// locks its charge: from then on it is a claim as {IClaims} says.
interface IClaimBatches {
    event ClaimPosted(
        bytes32 indexed orderHash,
        address indexed requester,
        address indexed vault,
        address token,
        uint256 payableAt,
        IPostedClaims.PostedClaim claim
    );
    /// @notice The claims posted in this transaction since the event of this kind before are the leaves, in order.
    event ClaimsPosted(bytes32 indexed root, address indexed vault, address indexed submitter);
    /// @notice An item is no leaf of the batch `submitter` posted.
    event ClaimNotPosted(
        bytes32 indexed orderHash, address indexed submitter, IAcceptedSettlements.Refusal refusal
    );

    error AlreadyPosted(bytes32 root);
    error NotPosted(bytes32 root);
    error NotInBatch(bytes32 root);
    error BatchNotPayable(bytes32 root, uint256 payableAt, uint256 nowAt);
    error WindowOver(bytes32 root, uint256 payableAt, uint256 nowAt);
    error OnlyItsRequester(address caller, address requester);

    /// @notice Posts a claim for each item or leaves it out with `ClaimNotPosted`. Anyone may, for whatever orders wallets
    /// signed themselves.
    /// @param token What all orders of the batch pay in.
    /// @return root Zero when every item was left out.
    /// @return refusals Why each item was left out.
    function post(address vault, address token, TypedData.ClaimedOrder[] calldata items)
        external
        returns (bytes32 root, IAcceptedSettlements.Refusal[] memory refusals);

    /// @notice Challenges a leaf that is the caller's order, before it is payable, with a bond from its account.
    /// @param proof From the leaf to the root.
    function challenge(
        bytes32 root,
        address vault,
        address token,
        IPostedClaims.PostedClaim calldata claim,
        bytes32[] calldata proof
    ) external;

    /// @notice Pays some leaves of a payable batch; anyone may. The vault skips what it refuses.
    /// @param proof With `flags` the proof that all of them are in the batch, as OpenZeppelin's multiproofs are.
    /// @return refusals Why each leaf was skipped.
    function settle(
        bytes32 root,
        address vault,
        address token,
        IPostedClaims.PostedClaim[] calldata claims,
        bytes32[] calldata proof,
        bool[] calldata flags
    ) external returns (IAcceptedSettlements.Refusal[] memory refusals);

    /// @notice The second from which a batch's leaves are paid; 0 when there is no such batch.
    function payableFrom(bytes32 root) external view returns (uint256);
}
