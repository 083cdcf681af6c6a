// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What not every chain executes, for the check that must notice it
contract UnportableHarness {
    function blob() external view returns (bytes32) {
        return blobhash(0);
    }
}
