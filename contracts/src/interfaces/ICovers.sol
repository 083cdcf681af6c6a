// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "./ISettlements.sol";

/// @title Covers for accepted orders
/// @notice By a hold receipt the operator promises that the requester's money will do for the order. Where it does not,
/// the bond adds exactly what lacks and the vault settles in the same call, so the vault alone says what is owed, and
/// that nothing is paid twice.
interface ICovers {
    /// @notice The bond paid `amount`, which the requester owes the operator from now on.
    event Covered(
        bytes32 indexed orderHash, address indexed requester, address indexed node, address token, uint256 amount
    );

    error NotAccepted(bytes32 orderHash);
    error NotHeld(bytes32 orderHash, address signer);
    error ChargeOverHold(uint256 charge, uint256 cumulativeHeld);
    error NothingShort(bytes32 orderHash);

    /// @notice Settles an accepted order whose requester is short, or reverts; anyone may call it.
    /// @param cumulativeHeld What the operator's hold receipt for the order says.
    function cover(ISettlements.Settlement calldata item, uint256 cumulativeHeld, bytes calldata holdSignature)
        external;

    /// @notice What a requester lacks for an order's charge as things stand.
    function shortfallOf(bytes32 orderHash, address requester, address token, uint256 charge)
        external
        view
        returns (uint256);
}
