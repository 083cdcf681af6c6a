// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bonds} from "./bonds/Bonds.sol";
import {Covers} from "./bonds/Covers.sol";
import {IOperatorBonds} from "./interfaces/IOperatorBonds.sol";

/// @title The bonds behind one operator's hold receipts, one contract per vault
contract OperatorBonds is IOperatorBonds, Covers {
    /// @param authority The AccessManager that says who may stop new bonds; it reaches nothing else.
    constructor(address authority, address vault_) Bonds(authority, vault_) {}
}
