// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INodeParameters} from "./INodeParameters.sol";
import {INodeRegistry} from "./INodeRegistry.sol";
import {IRewards} from "./IRewards.sol";
import {ISlashes} from "./ISlashes.sol";
import {IStakes} from "./IStakes.sol";

/// @title The nodes of a vault's market
/// @notice Holds what their providers stake, and what they earned beside their pay.
interface INodes is ISlashes, IRewards, INodeRegistry, IStakes, INodeParameters {
    /// @notice The vault whose awards these stakes stand behind.
    function vault() external view returns (address);
}
