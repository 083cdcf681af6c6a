// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAcceptedSettlements} from "./IAcceptedSettlements.sol";

/// @title Posted claims, as the contract of batches hands them to its vault
/// @notice The vault takes that contract's word for two things and no more: that a claim's messages are as signed, and
/// when it was posted. What was paid, claimed alone, cancelled or voided it knows itself.
interface IPostedClaims {
    /// @notice A leaf of a batch.
    struct PostedClaim {
        bytes32 orderHash;
        bytes32 awardHash;
        bytes32 resultHash;
        address requester;
        uint256 nonce;
        address node;
        address payout;
        address creator;
        uint256 price;
        uint256 royalty;
        /// @dev Price and fee together.
        uint256 charge;
    }

    /// @notice What `Settled` says of an order settled the long way; its fee is the vault's share of payment and
    /// royalty.
    event ClaimSettled(
        bytes32 indexed orderHash, address indexed requester, address node, uint256 payment, uint256 royalty
    );

    error OnlyClaimBatches(address caller);
    error NotOwed(bytes32 orderHash, IAcceptedSettlements.Refusal refusal);

    /// @notice Pays each claim whose window is over or skips it with `SettlementSkipped`.
    /// @return refusals Why each was skipped.
    function payPosted(address token, PostedClaim[] calldata claims, uint256 payableAt, address submitter)
        external
        returns (IAcceptedSettlements.Refusal[] memory refusals);

    /// @notice Records a claim that its requester challenges within the window: it is told by `Claimed` and `Challenged`,
    /// and its charge and bond are locked.
    function challengePosted(address token, PostedClaim calldata claim, uint256 payableAt) external;

    /// @notice The contract whose batches this vault pays; the same for good.
    function claimBatches() external view returns (address);
}
