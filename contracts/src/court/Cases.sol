// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICourt} from "../interfaces/ICourt.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {CourtParameters} from "./CourtParameters.sol";

/// @title What the court keeps of its disputes, and the token it keeps for them
/// @dev Every token here is in exactly one place: a stake, what waits to be unstaked, a balance, or a dispute's `held`.
abstract contract Cases is ICourt, CourtParameters, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    mapping(uint256 disputeId => Dispute) internal _disputes;
    mapping(uint256 disputeId => mapping(uint256 round => Round)) internal _rounds;
    mapping(uint256 disputeId => mapping(uint256 round => mapping(address arbitrator => Seats))) internal _seats;
    mapping(address owner => uint256) internal _balances;

    /// @inheritdoc IDisputes
    function disputeOf(uint256 disputeId) external view returns (Dispute memory) {
        return _disputes[disputeId];
    }

    /// @inheritdoc IDisputes
    function roundOf(uint256 disputeId, uint256 round) external view returns (Round memory) {
        return _rounds[disputeId][round];
    }

    /// @inheritdoc IDisputes
    function seatsOf(uint256 disputeId, uint256 round, address arbitrator) external view returns (Seats memory) {
        return _seats[disputeId][round][arbitrator];
    }

    /// @inheritdoc IDisputes
    function bondOf(uint256 disputeId, uint256 round) external view returns (uint256) {
        return _bondOf(_disputes[disputeId], _rounds[disputeId][round]);
    }

    function _rulesOf(Dispute storage dispute) internal view returns (Parameters storage) {
        return _versions[dispute.version];
    }

    function _bondOf(Dispute storage dispute, Round storage round) internal view returns (uint256) {
        return uint256(_rulesOf(dispute).bondPerSeat) * round.seats;
    }

    /// @dev The dispute, in the one phase in which this can be done, before its window ends.
    function _during(uint256 disputeId, Phase phase) internal view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        if (dispute.phase != phase) revert WrongPhase(disputeId, dispute.phase);
        _requireInTime(disputeId, dispute);
    }

    function _requireInTime(uint256 disputeId, Dispute storage dispute) internal view {
        if (block.timestamp >= dispute.phaseEndsAt) {
            revert PhasePassed(disputeId, dispute.phase, dispute.phaseEndsAt, block.timestamp);
        }
    }

    function _begin(uint256 disputeId, Phase phase, uint256 window) internal {
        Dispute storage dispute = _disputes[disputeId];
        dispute.phase = phase;
        dispute.phaseEndsAt = uint64(block.timestamp + window);
        emit PhaseBegun(disputeId, dispute.round, phase, dispute.phaseEndsAt);
    }

    /// @dev Pays out of what is the dispute's.
    function _payFrom(Dispute storage dispute, address to, uint256 amount) internal {
        dispute.held -= amount;
        _balances[to] += amount;
    }

    function _pull(uint256 amount) internal returns (uint256 received) {
        uint256 before = IERC20(TOKEN).balanceOf(address(this));
        IERC20(TOKEN).safeTransferFrom(msg.sender, address(this), amount);
        return IERC20(TOKEN).balanceOf(address(this)) - before;
    }

    function _push(address to, uint256 amount) internal {
        IERC20(TOKEN).safeTransfer(to, amount);
    }
}
