// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

/// @title What the market's governance may do with a contract: change its parameters by role, and stop new money
/// @notice Who may call what, and after which delay, stands in the AccessManager that is its authority. A pause stops
/// what brings money in; nothing that pays out asks whether there is one.
abstract contract Governed is AccessManaged, Pausable {
    constructor(address authority) AccessManaged(authority) {}

    /// @notice Stops new money. For whoever holds the role.
    function pause() external restricted {
        _pause();
    }

    /// @notice Lets new money in again. For whoever holds the role.
    function unpause() external restricted {
        _unpause();
    }
}
