// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What a settlement costs is measured (BatchGas): its bounds are compared word by word.
// solhint-disable no-inline-assembly

import {IAcceptedSettlements} from "../interfaces/IAcceptedSettlements.sol";
import {TypedData} from "./TypedData.sol";

/// @title The bounds an order sets its award
library AcceptedBounds {
    /// @dev The fee, and whether the award is within every bound of its order. Word by word, since in Solidity the ten
    /// comparisons cost as much as a signature's digest; a price whose fee would overflow is over any maximum there is.
    function feeWithin(TypedData.AcceptedOrder calldata item, uint256 feeBps)
        internal
        view
        returns (IAcceptedSettlements.Refusal refusal, uint256 fee)
    {
        assembly ("memory-safe") {
            let maxPrice := calldataload(add(item, 0x40))
            let price := calldataload(add(item, 0x1a0))
            let royalty := calldataload(add(item, 0x1c0))
            fee := div(mul(price, feeBps), 10000)
            // After settleBy.
            if gt(timestamp(), calldataload(add(item, 0xc0))) { refusal := 3 }
            // Over 128 bits, the maximum, the price, the royalty's cap or the fee's.
            let over := or(shr(128, maxPrice), or(gt(price, maxPrice), gt(add(price, fee), maxPrice)))
            over := or(over, or(gt(royalty, price), gt(royalty, calldataload(add(item, 0x80)))))
            if or(over, gt(feeBps, calldataload(add(item, 0x60)))) { refusal := 2 }
            // Nobody to pay.
            let noCreator := iszero(calldataload(add(item, 0x180)))
            let noPayout := iszero(calldataload(add(item, 0x160)))
            if or(noPayout, and(noCreator, iszero(iszero(royalty)))) { refusal := 1 }
        }
    }
}
