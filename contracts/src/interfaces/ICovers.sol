// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAcceptedSettlements} from "./IAcceptedSettlements.sol";
import {IPostedClaims} from "./IPostedClaims.sol";
import {ISettlements} from "./ISettlements.sol";

/// @title Covers for what requesters owe
/// @notice By a hold receipt the operator promises that the requester's money will do for the order. Where it does not,
/// the bond adds exactly what lacks and the vault settles in the same call, so the vault alone says what is owed, and
/// that nothing is paid twice.
interface ICovers {
    /// @notice A claim in a batch, the batch's root and the claim's proof in it.
    struct PostedLeaf {
        bytes32 root;
        address token;
        IPostedClaims.PostedClaim claim;
        bytes32[] proof;
    }

    /// @notice The bond paid `amount`, which the requester owes the operator from now on.
    event Covered(
        bytes32 indexed orderHash, address indexed requester, address indexed node, address token, uint256 amount
    );

    error NotAccepted(bytes32 orderHash);
    error NotHeld(bytes32 orderHash, address signer);
    error ChargeOverHold(uint256 charge, uint256 cumulativeHeld);
    error NothingShort(bytes32 orderHash);
    error NotPaid(bytes32 orderHash, IAcceptedSettlements.Refusal refusal);

    /// @notice Settles an accepted order whose requester is short, or reverts; anyone may call it.
    /// @param cumulativeHeld What the operator's hold receipt for the order says.
    function cover(ISettlements.Settlement calldata item, uint256 cumulativeHeld, bytes calldata holdSignature)
        external;

    /// @notice Pays a posted claim that is payable and whose requester is short, or reverts; anyone may call it.
    /// @param cumulativeHeld What the operator's hold receipt for the order says.
    function coverPosted(PostedLeaf calldata leaf, uint256 cumulativeHeld, bytes calldata holdSignature) external;

    /// @notice What a requester lacks for an order's charge as things stand.
    function shortfallOf(bytes32 orderHash, address requester, address token, uint256 charge)
        external
        view
        returns (uint256);
}
