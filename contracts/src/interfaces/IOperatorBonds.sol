// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBonds} from "./IBonds.sol";
import {ICovers} from "./ICovers.sol";

/// @title The bonds behind one operator's hold receipts
interface IOperatorBonds is ICovers, IBonds {}
