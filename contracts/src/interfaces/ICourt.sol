// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrators} from "./IArbitrators.sol";
import {ICourtParameters} from "./ICourtParameters.sol";
import {IDisputes} from "./IDisputes.sol";

/// @title The market's court
/// @notice Arbitrators who stake, drawn for disputes, who vote in secret and are paid by the side that loses.
interface ICourt is IDisputes, IArbitrators, ICourtParameters {}
