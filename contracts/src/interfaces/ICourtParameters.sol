// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What governance sets for disputes to come
/// @notice A dispute keeps the parameters it was opened under, whatever becomes of them. A subject is disputed by those
/// of the day it is disputed on.
interface ICourtParameters {
    struct Parameters {
        /// @dev What a seat on a panel locks of its arbitrator's stake, and all it can lose.
        uint128 seatStake;
        /// @dev What a seat earns that votes as the last panel did.
        uint128 feePerSeat;
        /// @dev What each side posts for every seat of a round; pays the fees if that side loses.
        uint128 bondPerSeat;
        /// @dev What a seat loses that votes otherwise than the last panel, in basis points of what it locks.
        uint16 incoherenceBps;
        /// @dev Seats of the first panel, an odd number; an appeal's is one more than twice as large.
        uint16 firstSeats;
        /// @dev Panels a dispute can have, appeals included.
        uint8 rounds;
        /// @dev Seconds the other side has to match a bond.
        uint32 responseWindow;
        uint32 evidenceWindow;
        /// @dev Seconds in which whoever was drawn can decline; commitments count already.
        uint32 acceptWindow;
        uint32 commitWindow;
        uint32 revealWindow;
        uint32 appealWindow;
        /// @dev Seconds until an arbitrator that leaves can take its stake: nobody stakes for one case alone.
        uint32 unstakeDelay;
    }

    event ParametersSet(uint256 indexed version, Parameters parameters);

    error ZeroAddress();
    error WindowOutOfBounds(uint256 window, uint256 minimum, uint256 maximum);
    error SeatsOutOfBounds(uint256 seats, uint256 maximum);
    error RoundsOutOfBounds(uint256 rounds, uint256 maximum);
    error IncoherenceOverStake(uint256 incoherenceBps);
    error AmountsOutOfBounds(uint256 seatStake, uint256 feePerSeat, uint256 bondPerSeat, uint256 maxBondPerSeat);

    /// @notice Sets the parameters of disputes opened from now on. For whoever holds the role.
    function setParameters(Parameters calldata given) external;

    function parameters() external view returns (Parameters memory);

    /// @notice The token of stakes, bonds and fees, and the most that a bond can ever be for a seat.
    function token() external view returns (address);

    function maxBondPerSeat() external view returns (uint256);
}
