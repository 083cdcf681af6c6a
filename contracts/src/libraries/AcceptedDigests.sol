// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What a settlement costs is measured (BatchGas): four digests are made for each.
// solhint-disable no-inline-assembly

import {TypedData} from "./TypedData.sol";

/// @title The digests of an accepted order's messages
/// @notice What {TypedData} hashes, put together word by word where it is signed under a known domain: a settlement makes
/// four of these, and in Solidity's own encoding they cost half as much as its signatures.
/// @dev Words are copied as they are given. One that its type does not admit changes the digest, which nobody signed.
/// Everything is written beyond the free memory pointer, which stays where it is.
library AcceptedDigests {
    function orderDigest(
        TypedData.AcceptedOrder calldata item,
        bytes32 domain,
        address operator,
        address token
    ) internal pure returns (bytes32) {
        bytes32 typehash = TypedData.ORDER_TYPEHASH;
        bytes32 structHash;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            calldatacopy(add(free, 0x20), item, 0x20)
            mstore(add(free, 0x40), operator)
            mstore(add(free, 0x60), token)
            calldatacopy(add(free, 0x80), add(item, 0x20), 0x100)
            structHash := keccak256(free, 0x180)
        }
        return _digest(domain, structHash);
    }

    function awardDigest(TypedData.AcceptedOrder calldata item, bytes32 domain, bytes32 orderHash)
        internal
        pure
        returns (bytes32)
    {
        bytes32 typehash = TypedData.AWARD_TYPEHASH;
        bytes32 structHash;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            mstore(add(free, 0x20), orderHash)
            calldatacopy(add(free, 0x40), add(item, 0x120), 0xc0)
            structHash := keccak256(free, 0x100)
        }
        return _digest(domain, structHash);
    }

    function receiptDigest(TypedData.AcceptedOrder calldata item, bytes32 domain, bytes32 awardHash)
        internal
        pure
        returns (bytes32)
    {
        bytes32 typehash = TypedData.RECEIPT_TYPEHASH;
        bytes32 structHash;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            mstore(add(free, 0x20), awardHash)
            calldatacopy(add(free, 0x40), add(item, 0x1e0), 0x20)
            structHash := keccak256(free, 0x60)
        }
        return _digest(domain, structHash);
    }

    function acceptanceDigest(TypedData.AcceptedOrder calldata item, bytes32 domain, bytes32 orderHash)
        internal
        pure
        returns (bytes32)
    {
        bytes32 typehash = TypedData.ACCEPTANCE_TYPEHASH;
        bytes32 structHash;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typehash)
            mstore(add(free, 0x20), orderHash)
            calldatacopy(add(free, 0x40), add(item, 0x1e0), 0x20)
            calldatacopy(add(free, 0x60), add(item, 0x1a0), 0x20)
            structHash := keccak256(free, 0x80)
        }
        return _digest(domain, structHash);
    }

    function _digest(bytes32 domain, bytes32 structHash) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, hex"1901")
            mstore(add(free, 0x02), domain)
            mstore(add(free, 0x22), structHash)
            digest := keccak256(free, 0x42)
        }
    }
}
