// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Paymaster} from "@openzeppelin/contracts/account/paymaster/Paymaster.sol";
import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Governed} from "../governance/Governed.sol";
import {ISponsorPaymaster} from "../interfaces/ISponsorPaymaster.sol";
import {Sponsorships} from "../libraries/Sponsorships.sol";

/// @title The market's paymaster
/// @dev `paymasterAndData` is this address, the two gas limits, `validAfter` and `validUntil` of six bytes each, and the
/// sponsor's signature. Validation must not ask for the time (ERC-7562): an operation counts for the day in which its
/// sponsorship ends, and the EntryPoint holds it to its times. There is no `postOp`: what an operation did not use is
/// not given back to its budgets, which keeps each operation cheaper and the count an upper bound.
contract SponsorPaymaster is ISponsorPaymaster, Paymaster, Governed, EIP712 {
    struct Spending {
        uint64 day;
        uint192 amount;
    }

    /// @notice The longest a sponsorship lasts: so it ends today or tomorrow.
    uint48 public constant MAX_VALIDITY = 1 hours;
    /// @notice The highest budget of a day.
    uint128 public constant MAX_PER_DAY = 100 ether;
    uint256 private constant SPONSORSHIP_LENGTH = Sponsorships.DATA_OFFSET + 12 + 65;

    address private _sponsor;
    Budgets private _budgets;
    Spending private _spentInAll;
    mapping(address account => Spending) private _spentBy;

    constructor(
        address authority,
        address firstSponsor,
        Budgets memory firstBudgets
    ) Governed(authority) EIP712("Stoa", "1") {
        _nameSponsor(firstSponsor);
        _setBudgets(firstBudgets);
    }

    /// @inheritdoc ISponsorPaymaster
    function deposit() external payable whenNotPaused {
        _deposit(msg.value);
    }

    /// @inheritdoc ISponsorPaymaster
    function withdrawDeposit(address payable to, uint256 amount) external restricted {
        _withdraw(to, amount);
    }

    /// @inheritdoc ISponsorPaymaster
    function addStake(uint32 unstakeDelay) external payable restricted {
        _addStake(msg.value, unstakeDelay);
    }

    /// @inheritdoc ISponsorPaymaster
    function unlockStake() external restricted {
        _unlockStake();
    }

    /// @inheritdoc ISponsorPaymaster
    function withdrawStake(address payable to) external restricted {
        _withdrawStake(to);
    }

    /// @inheritdoc ISponsorPaymaster
    function setSponsor(address next) external restricted {
        _nameSponsor(next);
    }

    /// @inheritdoc ISponsorPaymaster
    function setBudgets(Budgets calldata next) external restricted {
        _setBudgets(next);
    }

    /// @inheritdoc ISponsorPaymaster
    function sponsor() external view returns (address) {
        return _sponsor;
    }

    /// @inheritdoc ISponsorPaymaster
    function budgets() external view returns (Budgets memory) {
        return _budgets;
    }

    /// @inheritdoc ISponsorPaymaster
    function spentBy(address account) external view returns (uint256 day, uint256 amount) {
        return (_spentBy[account].day, _spentBy[account].amount);
    }

    /// @inheritdoc ISponsorPaymaster
    function spentInAll() external view returns (uint256 day, uint256 amount) {
        return (_spentInAll.day, _spentInAll.amount);
    }

    /// @inheritdoc ISponsorPaymaster
    function sponsorshipDigest(
        PackedUserOperation calldata operation,
        uint48 validAfter,
        uint48 validUntil
    ) public view returns (bytes32) {
        return _hashTypedDataV4(Sponsorships.hash(operation, validAfter, validUntil));
    }

    /// @inheritdoc Paymaster
    function entryPoint() public pure override returns (IEntryPoint) {
        return ERC4337Utils.ENTRYPOINT_V08;
    }

    /// @dev A pause ends sponsoring at once: with a stolen key that is the money that would come in to be spent. Nobody's
    /// money is kept from leaving by it; who has gas calls the market's contracts as ever.
    function _validatePaymasterUserOp(
        PackedUserOperation calldata operation,
        bytes32,
        uint256 maxCost
    ) internal override whenNotPaused returns (bytes memory context, uint256 validationData) {
        bytes calldata given = operation.paymasterAndData;
        if (given.length != SPONSORSHIP_LENGTH) revert UnreadableSponsorship(given.length, SPONSORSHIP_LENGTH);
        uint256 offset = Sponsorships.DATA_OFFSET;
        uint48 validAfter = uint48(bytes6(given[offset:offset + 6]));
        uint48 validUntil = uint48(bytes6(given[offset + 6:offset + 12]));
        if (validUntil <= validAfter || validUntil - validAfter > MAX_VALIDITY) {
            revert ValidityOutOfRange(validAfter, validUntil, MAX_VALIDITY);
        }
        _count(operation.sender, uint64(validUntil / 1 days), maxCost);
        bytes32 digest = sponsorshipDigest(operation, validAfter, validUntil);
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, given[offset + 12:]);
        return ("", ERC4337Utils.packValidationData(signer == _sponsor, validAfter, validUntil));
    }

    /// @dev Virtual for the tests' planted bug alone.
    function _count(address account, uint64 day, uint256 cost) internal virtual {
        Budgets memory highest = _budgets;
        if (cost > highest.perOperation) revert OverOperationBudget(cost, highest.perOperation);
        uint256 spent = _spentOn(_spentBy[account], day);
        if (spent + cost > highest.perAccount) revert OverAccountBudget(account, spent, cost, highest.perAccount);
        uint256 spentInAll_ = _spentOn(_spentInAll, day);
        if (spentInAll_ + cost > highest.perDay) revert OverDayBudget(spentInAll_, cost, highest.perDay);
        _add(_spentBy[account], day, spent + cost);
        _add(_spentInAll, day, spentInAll_ + cost);
    }

    function _spentOn(Spending storage spending, uint64 day) private view returns (uint256) {
        return day > spending.day ? 0 : spending.amount;
    }

    /// @dev An operation that ends yesterday and is executed after one that ends today counts for today.
    function _add(Spending storage spending, uint64 day, uint256 amount) private {
        if (day > spending.day) spending.day = day;
        // Below the highest budget, which is far below.
        spending.amount = uint192(amount);
    }

    function _nameSponsor(address next) private {
        if (next == address(0)) revert ZeroSponsor();
        emit SponsorChanged(_sponsor, next);
        _sponsor = next;
    }

    function _setBudgets(Budgets memory next) private {
        if (next.perOperation > next.perAccount || next.perAccount > next.perDay || next.perDay > MAX_PER_DAY) {
            revert BudgetsOutOfOrder(next.perOperation, next.perAccount, next.perDay, MAX_PER_DAY);
        }
        _budgets = next;
        emit BudgetsChanged(next.perOperation, next.perAccount, next.perDay);
    }
}
