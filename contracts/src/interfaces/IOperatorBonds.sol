// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBondClaims} from "./IBondClaims.sol";
import {IBonds} from "./IBonds.sol";
import {ICovers} from "./ICovers.sol";
import {ICredits} from "./ICredits.sol";

/// @title The bonds behind one operator's hold receipts
interface IOperatorBonds is IBondClaims, ICovers, IBonds, ICredits {}
