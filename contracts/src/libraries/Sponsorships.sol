// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

/// @title What a sponsor signs to pay for one operation
/// @notice All of the operation but the two signatures, the code that the account runs, and when it may be executed.
library Sponsorships {
    bytes32 internal constant SPONSORSHIP_TYPEHASH = keccak256(
        "Sponsorship(address account,bytes32 accountCode,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes32 paymasterGasLimits,uint48 validAfter,uint48 validUntil)"
    );
    /// @dev Before it stands the paymaster's address, after it what the paymaster alone reads.
    uint256 internal constant GAS_LIMITS_OFFSET = 20;
    uint256 internal constant DATA_OFFSET = 52;

    /// @dev The account's code is what it runs: a wallet that delegates elsewhere afterwards is not paid for.
    function hash(
        PackedUserOperation calldata operation,
        uint48 validAfter,
        uint48 validUntil
    ) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                SPONSORSHIP_TYPEHASH,
                operation.sender,
                operation.sender.codehash,
                operation.nonce,
                keccak256(operation.initCode),
                keccak256(operation.callData),
                operation.accountGasLimits,
                operation.preVerificationGas,
                operation.gasFees,
                bytes32(operation.paymasterAndData[GAS_LIMITS_OFFSET:DATA_OFFSET]),
                validAfter,
                validUntil
            )
        );
    }
}
