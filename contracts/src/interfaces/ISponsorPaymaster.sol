// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

/// @title Pays the gas of operations that the market's sponsor signed for
/// @notice Its money is the market's own, kept at the EntryPoint v0.8: no user's money is ever here. What an operation
/// may cost at most counts against three budgets before it is executed, whether it succeeds or not, and is not given
/// back: a sponsor whose key is stolen can lose a day's budget a day, until governance names another.
interface ISponsorPaymaster {
    /// @notice Wei that sponsored operations may cost at most: one, all of an account in a day, and all in a day.
    struct Budgets {
        uint128 perOperation;
        uint128 perAccount;
        uint128 perDay;
    }

    event SponsorChanged(address indexed before, address indexed sponsor);
    event BudgetsChanged(uint256 perOperation, uint256 perAccount, uint256 perDay);

    error ZeroSponsor();
    /// @notice Budgets must not fall from one operation to a day, nor pass the highest that code allows.
    error BudgetsOutOfOrder(uint256 perOperation, uint256 perAccount, uint256 perDay, uint256 highest);
    error UnreadableSponsorship(uint256 length, uint256 expected);
    error ValidityOutOfRange(uint256 validAfter, uint256 validUntil, uint256 longest);
    error OverOperationBudget(uint256 cost, uint256 budget);
    error OverAccountBudget(address account, uint256 spent, uint256 cost, uint256 budget);
    error OverDayBudget(uint256 spent, uint256 cost, uint256 budget);

    /// @notice Adds to what it pays from. Anyone may.
    function deposit() external payable;

    /// @notice Takes back what is not spent. For whoever holds the role.
    function withdrawDeposit(address payable to, uint256 amount) external;

    /// @notice Adds to the stake that public bundlers ask for. For whoever holds the role.
    function addStake(uint32 unstakeDelay) external payable;

    /// @notice Begins to take the stake back; the EntryPoint pays it out after the stake's delay. For whoever holds the role.
    function unlockStake() external;

    /// @notice Takes the stake back after its delay. For whoever holds the role.
    function withdrawStake(address payable to) external;

    /// @notice Names another sponsor; signatures of the one before are worth nothing from then on. For whoever holds the role.
    function setSponsor(address sponsor) external;

    /// @notice Sets the budgets, for what is spent already too. For whoever holds the role.
    function setBudgets(Budgets calldata budgets) external;

    /// @notice Whose signature it pays for.
    function sponsor() external view returns (address);

    function budgets() external view returns (Budgets memory);

    /// @notice What an account's operations counted for, in the day they were counted in last: days since 1970.
    function spentBy(address account) external view returns (uint256 day, uint256 amount);

    /// @notice What all operations counted for, in the day they were counted in last: days since 1970.
    function spentInAll() external view returns (uint256 day, uint256 amount);

    /// @notice What the sponsor signs (EIP-712), with the account's code as it is now.
    /// @param operation Its `paymasterAndData` has this contract and the gas limits; what follows does not count.
    function sponsorshipDigest(
        PackedUserOperation calldata operation,
        uint48 validAfter,
        uint48 validUntil
    ) external view returns (bytes32);
}
