// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governed} from "../governance/Governed.sol";
import {ICourtParameters} from "../interfaces/ICourtParameters.sol";

/// @title What governance sets for disputes to come, within bounds it cannot move
/// @dev All versions are kept, so that a dispute can go by the one it was opened under. The longest dispute of all, seven
/// windows in each of three rounds, is over well within the escrow's HOLD_LIMIT.
abstract contract CourtParameters is ICourtParameters, Governed {
    uint256 internal constant BPS = 10_000;

    uint256 private constant MIN_WINDOW = 5 minutes;
    uint256 private constant MAX_WINDOW = 7 days;
    uint256 private constant MAX_UNSTAKE_DELAY = 60 days;
    uint256 private constant MAX_FIRST_SEATS = 7;
    uint256 private constant MAX_ROUNDS = 3;
    /// @dev A seat locks at most so many times the highest bond: else no stake would make an arbitrator.
    uint256 private constant MAX_STAKE_PER_BOND = 100;

    address internal immutable TOKEN;
    uint256 private immutable MAX_BOND_PER_SEAT;

    Parameters[] internal _versions;

    constructor(address authority, address courtToken, uint256 maxBond, Parameters memory given) Governed(authority) {
        if (courtToken == address(0)) revert ZeroAddress();
        TOKEN = courtToken;
        MAX_BOND_PER_SEAT = maxBond;
        _setParameters(given, maxBond);
    }

    /// @inheritdoc ICourtParameters
    function setParameters(Parameters calldata given) external restricted {
        _setParameters(given, MAX_BOND_PER_SEAT);
    }

    /// @inheritdoc ICourtParameters
    function parameters() external view returns (Parameters memory) {
        return _current();
    }

    /// @inheritdoc ICourtParameters
    function token() external view returns (address) {
        return TOKEN;
    }

    /// @inheritdoc ICourtParameters
    function maxBondPerSeat() external view returns (uint256) {
        return MAX_BOND_PER_SEAT;
    }

    function _current() internal view returns (Parameters storage) {
        return _versions[_versions.length - 1];
    }

    function _setParameters(Parameters memory given, uint256 maxBond) private {
        uint32[6] memory windows = [
            given.responseWindow,
            given.evidenceWindow,
            given.acceptWindow,
            given.commitWindow,
            given.revealWindow,
            given.appealWindow
        ];
        for (uint256 i = 0; i < windows.length; ++i) {
            if (windows[i] < MIN_WINDOW || windows[i] > MAX_WINDOW) {
                revert WindowOutOfBounds(windows[i], MIN_WINDOW, MAX_WINDOW);
            }
        }
        if (given.unstakeDelay > MAX_UNSTAKE_DELAY) {
            revert WindowOutOfBounds(given.unstakeDelay, 0, MAX_UNSTAKE_DELAY);
        }
        if (given.firstSeats % 2 == 0 || given.firstSeats > MAX_FIRST_SEATS) {
            revert SeatsOutOfBounds(given.firstSeats, MAX_FIRST_SEATS);
        }
        if (given.rounds == 0 || given.rounds > MAX_ROUNDS) revert RoundsOutOfBounds(given.rounds, MAX_ROUNDS);
        if (given.incoherenceBps > BPS) revert IncoherenceOverStake(given.incoherenceBps);
        // A bond covers its seats' fees, whichever side loses.
        if (
            given.seatStake == 0 || given.feePerSeat == 0 || given.bondPerSeat < given.feePerSeat
                || given.bondPerSeat > maxBond || given.seatStake > maxBond * MAX_STAKE_PER_BOND
        ) revert AmountsOutOfBounds(given.seatStake, given.feePerSeat, given.bondPerSeat, maxBond);
        _versions.push(given);
        emit ParametersSet(_versions.length - 1, given);
    }
}
