// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CourtParameters} from "./court/CourtParameters.sol";
import {Disputes} from "./court/Disputes.sol";

/// @title The market's court
contract Court is Disputes {
    constructor(address authority, address courtToken, uint256 maxBond, Parameters memory given)
        CourtParameters(authority, courtToken, maxBond, given)
    {}
}
