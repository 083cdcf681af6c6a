// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The operator's word that an order is covered
library Holds {
    bytes32 internal constant HOLD_RECEIPT_TYPEHASH =
        keccak256("HoldReceipt(address requester,address token,bytes32 orderHash,uint256 cumulativeHeld)");

    /// @param cumulativeHeld All the operator holds of the requester's balance in this token, this order included.
    function hash(address requester, address token, bytes32 orderHash, uint256 cumulativeHeld)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(HOLD_RECEIPT_TYPEHASH, requester, token, orderHash, cumulativeHeld));
    }
}
