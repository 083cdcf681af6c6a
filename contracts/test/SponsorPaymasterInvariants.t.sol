// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {SponsorPaymaster} from "../src/accounts/SponsorPaymaster.sol";
import {ISponsorPaymaster} from "../src/interfaces/ISponsorPaymaster.sol";
import {Counter, GaslessFixture} from "./GaslessFixture.sol";
import {vm} from "./Vm.sol";

/// @dev A sponsor that signs whatever it is asked to, and wallets that do what they can to spend its deposit.
contract Spenders is GaslessFixture {
    uint256 private constant WALLETS = 3;

    uint256 public clock = START;
    uint256 public executed;
    uint256 private _paid;
    uint256 private _lastDay;
    mapping(uint256 day => uint256) private _paidOn;
    mapping(address wallet => uint256) private _lastDayOf;
    mapping(address wallet => mapping(uint256 day => uint256)) private _paidFor;

    error OverBudget(uint256 paid, uint256 budget);
    error Unaccounted(uint256 left, uint256 expected);

    function setUp() public override {
        if (address(paymaster) != address(0)) return;
        super.setUp();
        for (uint256 i = 0; i < WALLETS; ++i) vm.etch(_walletOf(i), address(delegate).code);
    }

    function _walletOf(uint256 number) private pure returns (address) {
        return vm.addr(0xF000 + number);
    }

    function spend(uint256 number, bool fails, uint256 gas_, uint256 lasts) external {
        vm.warp(clock);
        number %= WALLETS;
        address wallet = _walletOf(number);
        bytes memory data = abi.encodeWithSelector(fails ? Counter.refuse.selector : Counter.increase.selector);
        PackedUserOperation memory op = _operation(wallet, _call(address(counter), data));
        op.preVerificationGas = gas_ % (PRE_GAS + PRE_GAS / 8);
        uint48 validUntil = uint48(clock + lasts % 66 minutes);
        _sponsor(op, SPONSOR_KEY, uint48(clock) - 1, validUntil);
        PackedUserOperation[] memory ops = new PackedUserOperation[](1);
        ops[0] = _signed(op, 0xF000 + number);
        uint256 before = _depositLeft();
        vm.prank(STRANGER, STRANGER);
        try ENTRY_POINT.handleOps(ops, BENEFICIARY) {
            ++executed;
        } catch {
            if (_depositLeft() != before) revert Unaccounted(_depositLeft(), before);
            return;
        }
        _see(wallet, validUntil / 1 days, before - _depositLeft());
    }

    function _see(address wallet, uint256 day, uint256 paid) private {
        if (day > _lastDay) _lastDay = day;
        if (day > _lastDayOf[wallet]) _lastDayOf[wallet] = day;
        _paid += paid;
        _paidOn[_lastDay] += paid;
        _paidFor[wallet][_lastDayOf[wallet]] += paid;
    }

    function passTime(uint256 seconds_) external {
        clock += seconds_ % 6 hours;
    }

    function check() external view {
        if (_depositLeft() + _paid != 1 ether) revert Unaccounted(_depositLeft(), 1 ether - _paid);
        ISponsorPaymaster.Budgets memory highest = paymaster.budgets();
        if (_paidOn[_lastDay] > highest.perDay) revert OverBudget(_paidOn[_lastDay], highest.perDay);
        for (uint256 i = 0; i < WALLETS; ++i) {
            address wallet = _walletOf(i);
            uint256 paid = _paidFor[wallet][_lastDayOf[wallet]];
            if (paid > highest.perAccount) revert OverBudget(paid, highest.perAccount);
        }
    }
}

/// @dev Forgets what was spent.
contract ForgetfulPaymaster is SponsorPaymaster {
    constructor(
        address authority,
        address sponsor_,
        Budgets memory budgets_
    ) SponsorPaymaster(authority, sponsor_, budgets_) {}

    function _count(address, uint64, uint256) internal override {}
}

contract SpendersOfTheForgetful is Spenders {
    function _paymaster() internal override returns (SponsorPaymaster) {
        return new ForgetfulPaymaster(address(new AccessManager(address(this))), SPONSOR, _budgets());
    }
}

contract SponsorPaymasterInvariantsTest {
    Spenders private spenders;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        spenders = new Spenders();
        vm.deal(address(spenders), 100 ether);
        spenders.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(spenders);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(spenders);
        targets[0].selectors = new bytes4[](2);
        targets[0].selectors[0] = spenders.spend.selector;
        targets[0].selectors[1] = spenders.passTime.selector;
    }

    function invariant_no_days_operations_cost_more_than_its_budgets() public view {
        spenders.check();
    }

    function test_the_spenders_do_spend() public {
        spenders.spend(0, false, 50_000, 60);
        spenders.spend(1, true, 50_000, 60);
        if (spenders.executed() != 2) revert Spenders.Unaccounted(spenders.executed(), 2);
        spenders.check();
    }

    function test_the_invariant_sees_a_paymaster_that_forgets() public {
        spenders = new SpendersOfTheForgetful();
        spenders.setUp();
        for (uint256 i = 0; i < 40; ++i) spenders.spend(0, true, 60_000, 60);
        vm.expectPartialRevert(Spenders.OverBudget.selector);
        spenders.check();
    }
}
