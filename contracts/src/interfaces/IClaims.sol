// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "./ISettlements.sol";

/// @title Claims for results nobody accepted
/// @notice none → open → settled (after the challenge window); open → challenged → upheld → settled;
/// challenged → refunded; open or challenged → released, when the requester accepts after all or the award is voided.
/// A claim locks its charge, so that a long dispute cannot outlast the withdrawal delay.
interface IClaims {
    enum ClaimState {
        None,
        Open,
        Challenged,
        Upheld
    }

    struct Claim {
        ClaimState state;
        address requester;
        address payout;
        address token;
        uint64 payableAt;
        /// @dev Second from which an unruled challenge can lapse; 0 until challenged.
        uint64 lapsesAt;
        uint256 charge;
        uint256 bond;
        bytes32 awardHash;
        bytes32 resultHash;
        /// @dev Zero when the wallet signed the order itself.
        bytes32 sessionHash;
    }

    event Claimed(
        bytes32 indexed orderHash, address indexed requester, address indexed node, uint256 charge, uint256 payableAt
    );
    /// @notice An item of `submitter`'s batch was not claimed; `reason` is the revert data `claimOne` gave.
    event ClaimSkipped(bytes32 indexed orderHash, address indexed submitter, bytes reason);
    event Challenged(bytes32 indexed orderHash, address indexed requester, uint256 bond);
    event Ruled(bytes32 indexed orderHash, bool pay);
    /// @notice The claim's lock and bond went back to the requester's account.
    event ClaimReleased(bytes32 indexed orderHash, address indexed requester, uint256 charge, uint256 bond);

    error AlreadyClaimed(bytes32 orderHash, bytes32 awardHash);
    error NotClaimed(bytes32 orderHash);
    error OtherClaim(bytes32 orderHash, bytes32 awardHash);
    error NotPayable(bytes32 orderHash, ClaimState state, uint256 payableAt, uint256 nowAt);
    error OnlyRequester(address caller, address requester);
    error OnlyArbiter(address caller);
    error NotChallengeable(bytes32 orderHash, ClaimState state, uint256 payableAt, uint256 nowAt);
    error NotChallenged(bytes32 orderHash, ClaimState state);
    error RulingStillOpen(uint256 lapsesAt, uint256 nowAt);

    /// @notice Records a claim for each item or skips it with `ClaimSkipped`.
    function claim(ISettlements.Settlement[] calldata items) external;

    /// @notice Records a claim for one item, with everything but an acceptance, and locks its charge; or reverts.
    function claimOne(ISettlements.Settlement calldata item) external;

    /// @notice Challenges a claim on the caller's order, before it is payable, with a bond from its account.
    function challenge(bytes32 orderHash) external;

    /// @notice Rules on a challenge: pay the node, and the bond with it; or refund the requester, and the bond.
    function rule(bytes32 orderHash, bool pay) external;

    /// @notice Refunds a challenge the arbiter did not rule on within RULING_WINDOW; anyone may call it.
    function lapse(bytes32 orderHash) external;

    /// @notice The claim on an order; its state is None when there is none.
    function claimOf(bytes32 orderHash) external view returns (Claim memory);

    /// @notice Seconds an arbiter has to rule.
    function RULING_WINDOW() external view returns (uint64);
}
