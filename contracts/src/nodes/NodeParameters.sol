// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Governed} from "../governance/Governed.sol";
import {INodeParameters} from "../interfaces/INodeParameters.sol";

/// @title Governed parameters of nodes, each within bounds that no governance moves
abstract contract NodeParameters is INodeParameters, Governed {
    /// @inheritdoc INodeParameters
    uint256 public constant MAX_MINIMUM_STAKE = 1_000_000;
    /// @inheritdoc INodeParameters
    uint64 public constant MIN_HEARTBEAT_WINDOW = 1 minutes;
    /// @inheritdoc INodeParameters
    uint64 public constant MAX_HEARTBEAT_WINDOW = 30 days;
    /// @inheritdoc INodeParameters
    uint16 public constant MAX_CONFLICT_BPS = 5_000;
    /// @inheritdoc INodeParameters
    uint16 public constant MAX_REPORTER_BPS = 2_000;

    uint256 internal constant BPS = 10_000;

    mapping(address token => uint256) private _minimumStake;
    uint64 private _heartbeatWindow = 1 hours;
    uint16 private _conflictBps = 1_000;
    uint16 private _reporterBps = 1_000;

    /// @inheritdoc INodeParameters
    function setMinimumStake(address token, uint256 minimum) external restricted {
        uint256 cap = MAX_MINIMUM_STAKE * 10 ** IERC20Metadata(token).decimals();
        if (minimum > cap) revert MinimumOverCap(minimum, cap);
        _minimumStake[token] = minimum;
        emit MinimumStakeSet(token, minimum);
    }

    /// @inheritdoc INodeParameters
    function setHeartbeatWindow(uint64 window) external restricted {
        if (window < MIN_HEARTBEAT_WINDOW || window > MAX_HEARTBEAT_WINDOW) {
            revert WindowOutOfBounds(window, MIN_HEARTBEAT_WINDOW, MAX_HEARTBEAT_WINDOW);
        }
        _heartbeatWindow = window;
        emit HeartbeatWindowSet(window);
    }

    /// @inheritdoc INodeParameters
    function setConflictShares(uint16 stakeBps, uint16 reporterBps) external restricted {
        if (stakeBps > MAX_CONFLICT_BPS) revert ShareOverCap(stakeBps, MAX_CONFLICT_BPS);
        if (reporterBps > MAX_REPORTER_BPS) revert ShareOverCap(reporterBps, MAX_REPORTER_BPS);
        (_conflictBps, _reporterBps) = (stakeBps, reporterBps);
        emit ConflictSharesSet(stakeBps, reporterBps);
    }

    /// @inheritdoc INodeParameters
    function minimumStake(address token) public view returns (uint256) {
        return _minimumStake[token];
    }

    /// @inheritdoc INodeParameters
    function heartbeatWindow() public view returns (uint64) {
        return _heartbeatWindow;
    }

    /// @inheritdoc INodeParameters
    function conflictShares() public view returns (uint16 stakeBps, uint16 reporterBps) {
        return (_conflictBps, _reporterBps);
    }
}
