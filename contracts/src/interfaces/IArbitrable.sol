// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a court can rule on
/// @notice Has numbered subjects, each with a respondent who answers for it. Which court may call it is its own to say.
interface IArbitrable {
    /// @notice Holds a subject until `rule`, because `opener` disputes it. Reverts where it may not.
    /// @return respondent Whom the dispute is with; neither zero nor `opener`.
    function hold(uint256 subjectId, address opener) external returns (address respondent);

    /// @notice Ends the hold: the respondent keeps `respondentBps` of what is disputed, the opener gets the rest. The
    /// court gives it 1,000,000 gas, and anyone can have it called again for as long as it reverts.
    /// @param forOpener Whether the opener's offer won; false where the respondent's did, or neither.
    function rule(uint256 subjectId, uint16 respondentBps, bool forOpener) external;
}
