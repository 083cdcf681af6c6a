// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Data that looks like refused opcodes, and an immutable, in code that every chain executes
contract PortableHarness {
    bytes private constant DATA =
        hex"494affff404449f0f5494affff404449f0f5494affff404449f0f5494affff404449f0f5494affff404449f0f5494affff404449f0f5494affff404449f0f5494affff404449f0f5494affff404449f0f5";
    uint256 private immutable PUSHED = uint256(0x494affff404449f0f5);

    function data() external view returns (bytes memory, uint256) {
        return (DATA, PUSHED);
    }
}
