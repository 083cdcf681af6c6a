// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccounts} from "./IAccounts.sol";
import {IClaims} from "./IClaims.sol";
import {IOrders} from "./IOrders.sol";
import {ISettlements} from "./ISettlements.sol";
import {IStakes} from "./IStakes.sol";
import {IVaultParameters} from "./IVaultParameters.sol";

/// @title The market's vault
/// @notice Holds requesters' money under their own signatures, and providers' stakes.
interface IVault is IStakes, IClaims, ISettlements, IOrders, IAccounts, IVaultParameters {}
