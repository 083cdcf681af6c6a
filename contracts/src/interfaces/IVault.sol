// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAcceptedSettlements} from "./IAcceptedSettlements.sol";
import {IAccounts} from "./IAccounts.sol";
import {IClaims} from "./IClaims.sol";
import {IFailedAwards} from "./IFailedAwards.sol";
import {IOrders} from "./IOrders.sol";
import {IPostedClaims} from "./IPostedClaims.sol";
import {ISettlements} from "./ISettlements.sol";
import {IVaultParameters} from "./IVaultParameters.sol";

/// @title The market's vault
/// @notice Holds requesters' money under their own signatures. Its contract of stakes holds what providers stand to lose.
interface IVault is
    IFailedAwards,
    IPostedClaims,
    IAcceptedSettlements,
    IClaims,
    ISettlements,
    IOrders,
    IAccounts,
    IVaultParameters
{}
