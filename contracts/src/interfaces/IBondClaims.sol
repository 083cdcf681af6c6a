// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "./ISettlements.sol";

/// @title Claims on the bond for results nobody accepted
/// @notice none → open → paid (after the order's `settleBy` and the vault's challenge window); open → disputed → upheld →
/// paid; open, disputed or upheld → none, when a ruling refuses it or the vault decides the order after all.
/// A claim in the vault locks the requester's money and may give it back: topping that up would give the requester the
/// bond. So the vault only says that it would take the claim, and the bond pays the node itself, once the vault no longer
/// can.
interface IBondClaims {
    enum BondClaimState {
        None,
        Open,
        Disputed,
        Upheld,
        Paid
    }

    struct BondClaim {
        BondClaimState state;
        uint64 payableAt;
        /// @dev Second from which an unruled dispute can lapse; 0 until disputed.
        uint64 lapsesAt;
        address requester;
        address node;
        address payout;
        address creator;
        address token;
        address disputer;
        uint256 nonce;
        uint256 payment;
        uint256 royalty;
        /// @dev What is locked: the order's charge, and how much of it comes from the node's own bond.
        uint256 locked;
        uint256 lockedOfNode;
        /// @dev What the disputer put up.
        uint256 stake;
        bytes32 awardHash;
    }

    event BondClaimed(
        bytes32 indexed orderHash, address indexed requester, address indexed node, uint256 locked, uint256 payableAt
    );
    event BondClaimDisputed(bytes32 indexed orderHash, address indexed disputer, uint256 stake);
    event BondClaimRuled(bytes32 indexed orderHash, bool pay);
    event BondClaimPaid(bytes32 indexed orderHash, address indexed payout, uint256 payment, uint256 royalty);
    event BondClaimReleased(bytes32 indexed orderHash, uint256 locked);

    error OnlySelf(address caller);
    error OnlyArbiter(address caller);
    error OnlyParties(address caller);
    error AlreadyClaimed(bytes32 orderHash, bytes32 awardHash);
    error AwardRefused(bytes32 awardHash);
    error WrongState(bytes32 orderHash, BondClaimState state);
    error DisputeTooLate(uint256 payableAt, uint256 nowAt);
    error RulingStillOpen(uint256 lapsesAt, uint256 nowAt);
    error NotPayable(uint256 payableAt, uint256 nowAt);
    /// @notice The vault has settled or ruled against what this claim is for, or has a claim on it.
    error VaultDecides(bytes32 orderHash);
    error VaultDoesNotDecide(bytes32 orderHash);
    /// @dev How a rehearsal that went well ends: nothing of it stays.
    error Rehearsed();

    /// @notice Records a claim on the bond for an order the vault would let its node claim, were its requester not short;
    /// or reverts with the vault's reason. Anyone may call it.
    function claim(ISettlements.Settlement calldata item, uint256 cumulativeHeld, bytes calldata holdSignature)
        external;

    /// @notice Disputes a claim before it is payable, with the vault's bond of a challenge from the caller's wallet. For the
    /// order's requester and the operator.
    function dispute(bytes32 orderHash) external;

    /// @notice Rules on a dispute: pay the node, and the disputer's stake with it; or release the bond, and the stake.
    /// For the vault's arbiter.
    function rule(bytes32 orderHash, bool pay) external;

    /// @notice Releases a claim whose dispute nobody ruled on within the vault's ruling window; anyone may call it.
    function lapse(bytes32 orderHash) external;

    /// @notice Credits the node's payout and the creator what the order owes them; anyone may call it.
    function pay(bytes32 orderHash) external;

    /// @notice Releases a claim on what the vault has settled or ruled against; anyone may call it.
    function release(bytes32 orderHash) external;

    /// @notice The claim on an order; its state is None when there is none.
    function claimOf(bytes32 orderHash) external view returns (BondClaim memory);

    /// @notice Tops up and claims in the vault, then reverts with `Rehearsed`. Only for the contract itself.
    function rehearse(ISettlements.Settlement calldata item, uint256 short) external;
}
