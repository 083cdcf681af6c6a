// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../libraries/TypedData.sol";

/// @title Settlement of accepted orders, many at a time
/// @notice The short way for what most orders come to: the wallet that ordered accepted the result its node signed for.
/// The acceptance names the order and the receipt names the award, so these two signatures stand for what was signed
/// under them; the operator's word is one for the batch, its own submission or its signature.
interface IAcceptedSettlements {
    /// @notice Why an item of a batch was left out. What is `Marked` or wants `Funds` may still settle the long way;
    /// `Order` and `Operator` are said of claims, whose requester's signature and operator's these are.
    enum Refusal {
        None,
        Parties,
        Bounds,
        Late,
        Receipt,
        Acceptance,
        Spent,
        Marked,
        Funds,
        Order,
        Operator
    }

    /// @notice What `Settled` says of an order settled the long way; its fee is the vault's share of payment and
    /// royalty.
    event AcceptedSettled(
        bytes32 indexed orderHash, address indexed requester, address node, uint256 payment, uint256 royalty
    );

    /// @dev Never thrown: the reason `SettlementSkipped` and `ClaimSkipped` give for an item in short.
    error NotAccepted(Refusal refusal);

    /// @notice Why an item would be skipped as things stand; `None` when it would settle.
    function refusalOf(address token, TypedData.AcceptedOrder calldata item) external view returns (Refusal);

    /// @notice Settles each item or skips it with `SettlementSkipped`.
    /// @param token What all orders of the batch pay in.
    /// @param operatorSignature The operator's, over the batch's award hashes; read only when another submits.
    function settleAccepted(
        address token,
        TypedData.AcceptedOrder[] calldata items,
        bytes calldata operatorSignature
    ) external;
}
