// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the payer of a channel signs
/// @notice `Voucher(channelId, amount)`: the payee may have `amount` of the channel in all, earlier vouchers included.
library Vouchers {
    bytes32 internal constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint256 amount)");

    function hash(bytes32 channelId, uint256 amount) internal pure returns (bytes32) {
        return keccak256(abi.encode(VOUCHER_TYPEHASH, channelId, amount));
    }
}
