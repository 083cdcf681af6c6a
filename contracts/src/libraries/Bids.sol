// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {IVaultParameters} from "../interfaces/IVaultParameters.sol";
import {TypedData} from "./TypedData.sol";

/// @title What binds a node's bid to an award of an order
/// @dev The vault asks it before it pays, the stakes before they are slashed: both read the same messages alike.
library Bids {
    function checkParties(
        address operator,
        bytes32 orderHash,
        TypedData.Order calldata order,
        TypedData.Award calldata award,
        TypedData.BidSheet calldata sheet
    ) internal pure {
        if (order.operator != operator) revert ISettlements.WrongOperator(operator, order.operator);
        if (award.orderHash != orderHash) revert ISettlements.AwardForOtherOrder(orderHash, award.orderHash);
        if (sheet.node != award.node) revert ISettlements.SheetOfOtherNode(award.node, sheet.node);
        if (award.payout == address(0)) revert IVaultParameters.ZeroAddress();
        if (award.royalty != 0 && award.creator == address(0)) revert IVaultParameters.ZeroAddress();
    }

    function payment(TypedData.Award calldata award, uint256 ask) internal pure returns (uint256 paid) {
        if (award.royalty > award.price) revert ISettlements.RoyaltyOverPrice(award.royalty, award.price);
        unchecked {
            paid = award.price - award.royalty;
        }
        if (paid < ask) revert ISettlements.PaymentUnderAsk(paid, ask);
    }

    function checkBid(TypedData.BidSheet calldata sheet, bytes32 leaf, bytes32[] calldata proof) internal pure {
        if (!MerkleProof.verifyCalldata(proof, sheet.answersRoot, leaf)) {
            revert ISettlements.BidNotInSheet(sheet.answersRoot, leaf);
        }
    }
}
